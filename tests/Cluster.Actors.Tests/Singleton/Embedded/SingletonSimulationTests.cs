using Cluster.Actors.Simulation;
using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Singleton.Embedded;

/// <summary>A singleton under faults: it always comes back, and never runs twice.</summary>
public sealed class SingletonSimulationTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_is_taken_over_when_its_node_crashes(int seed)
    {
        SimulatedMembers members = Start(seed);
        members.ShouldBeUpWithin(s_patience);
        Runs(members).ShouldBeTrue();

        SimulatedNode home = members.Cluster[members.Census.Where("singleton").Single()];
        members.Crash(home);
        Runs(members).ShouldBeTrue($"seed {seed}");
        members.Cluster.Restart(home);
        members.ShouldBeUpWithin(s_patience);

        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_is_handed_over_when_its_node_leaves(int seed)
    {
        SimulatedMembers members = Start(seed);
        members.ShouldBeUpWithin(s_patience);
        Runs(members).ShouldBeTrue();
        string former = members.Census.Where("singleton").Single();

        members.Cluster[former].Run(() => ActorCluster.Get(members.Cluster[former].System).Leave(ActorCluster.Get(members.Cluster[former].System).SelfAddress));
        members.Cluster.RunUntil(() => members.Census.Where("singleton") is { Count: 1 } homes && homes.Single() != former, s_patience).ShouldBeTrue($"seed {seed}");
        members.ShouldBeUpWithin(s_patience);

        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_never_runs_twice_across_a_partition(int seed)
    {
        SimulatedMembers members = Start(seed);
        members.ShouldBeUpWithin(s_patience);
        SimulatedNode[] shuffled = [.. members.Cluster.Nodes.OrderBy(_ => members.Cluster.Chance.NextUInt64())];

        members.Cluster.Partition(shuffled[..3], shuffled[3..]);
        members.Cluster.RunFor(TimeSpan.FromSeconds(15));
        members.Cluster.Heal();
        members.ShouldBeUpWithin(s_patience);

        Runs(members).ShouldBeTrue();
        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_proxy_keeps_messages_until_the_singleton_is_back(int seed)
    {
        SimulatedMembers members = Start(seed, SimulatedFaults.None);
        members.ShouldBeUpWithin(s_patience);
        Runs(members).ShouldBeTrue();
        SimulatedNode home = members.Cluster[members.Census.Where("singleton").Single()];
        SimulatedNode asker = members.Cluster.Nodes.First(node => node != home);
        members.Crash(home);
        members.Cluster.RunUntil(() => members.SeesOnly(asker, members.Running), s_patience).ShouldBeTrue();

        Task<CensusActor.Here>? answer = null;
        asker.Run(() => answer = Proxy(asker).Ask<CensusActor.Here>(new CensusActor.Where("singleton", seed), TimeSpan.FromSeconds(60)));
        members.Cluster.RunUntil(() => answer!.IsCompleted, s_patience).ShouldBeTrue();

        CensusActor.Here here = await answer!;
        here.Question.ShouldBe(seed);
        here.Node.ShouldBe(members.Census.Where("singleton").Single());
    }

    private static IActorRef Proxy(SimulatedNode node) =>
        ((ExtendedActorSystem)node.System).Provider.ResolveActorRef(new RootActorPath(ActorCluster.Get(node.System).SelfAddress) / "user" / "proxy");

    private static SimulatedMembers Start(int seed, SimulatedFaults? faults = null) => new(seed, 5, faults ?? SimulatedFaults.All, (system, census) =>
    {
        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new CensusActor("singleton", census)), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithRole("worker")),
            "jobs");
        system.ActorOf(ClusterSingletonProxy.Props("/user/jobs", ClusterSingletonProxySettings.Create(system).WithRole("worker")), "proxy");
    });

    private static bool Runs(SimulatedMembers members) =>
        members.Cluster.RunUntil(() => members.Census.Where("singleton").Count == 1, s_patience);
}

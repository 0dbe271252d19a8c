using Cluster.Actors.Simulation;
using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Sharding.Embedded;

/// <summary>Sharded entities under faults: each answers in the end, spread evenly, and none ever lives twice.</summary>
public sealed class ShardingSimulationTests
{
    private const int Entities = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Entities_are_spread_evenly_and_answer(int seed)
    {
        SimulatedMembers members = Start(seed, 4);
        members.ShouldBeUpWithin(s_patience);

        AskAllUntilAnswered(members, members.Cluster.Nodes[0]);
        ShouldBecomeEven(members);

        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_crashed_nodes_entities_get_a_new_home(int seed)
    {
        SimulatedMembers members = Start(seed, 4);
        members.ShouldBeUpWithin(s_patience);
        AskAllUntilAnswered(members, members.Cluster.Nodes[0]);

        SimulatedNode victim = members.Cluster.Nodes[members.Cluster.Chance.Next(4)];
        members.Crash(victim);
        AskAllUntilAnswered(members, members.Running.First());
        members.Cluster.Restart(victim);
        members.ShouldBeUpWithin(s_patience);
        AskAllUntilAnswered(members, victim);
        ShouldBecomeEven(members);

        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Entities_outlive_rolling_leaves_of_all_nodes(int seed)
    {
        SimulatedMembers members = Start(seed, 4);
        members.ShouldBeUpWithin(s_patience);
        foreach (SimulatedNode node in members.Cluster.Nodes)
        {
            AskAllUntilAnswered(members, members.Cluster.Nodes[0]);
            UniqueAddress former = ActorCluster.Get(node.System).SelfUniqueAddress;
            node.Run(() => ActorCluster.Get(node.System).Leave(former.Address));
            members.Cluster.RunUntil(() => ActorCluster.Get(node.System).SelfUniqueAddress != former, s_patience).ShouldBeTrue($"seed {seed}: {node.Name} did not leave");
            members.ShouldBeUpWithin(s_patience);
        }

        AskAllUntilAnswered(members, members.Cluster.Nodes[0]);
        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_entity_lives_twice_across_a_partition(int seed)
    {
        SimulatedMembers members = Start(seed, 5);
        members.ShouldBeUpWithin(s_patience);
        AskAllUntilAnswered(members, members.Cluster.Nodes[0]);
        SimulatedNode[] shuffled = [.. members.Cluster.Nodes.OrderBy(_ => members.Cluster.Chance.NextUInt64())];

        members.Cluster.Partition(shuffled[..3], shuffled[3..]);
        AskAllUntilAnswered(members, shuffled[0]);
        members.Cluster.Heal();
        members.ShouldBeUpWithin(s_patience);
        AskAllUntilAnswered(members, members.Cluster.Nodes[0]);

        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    [Fact]
    public void A_quiet_cluster_allocates_within_milliseconds()
    {
        SimulatedMembers members = Start(3, 4, SimulatedFaults.None);
        members.ShouldBeUpWithin(s_patience);
        members.Cluster.RunFor(TimeSpan.FromSeconds(1));
        TimeSpan before = members.Cluster.Elapsed;

        AskAllUntilAnswered(members, members.Cluster.Nodes[3]);

        // In virtual time: six hops of half a millisecond at most.
        (members.Cluster.Elapsed - before).ShouldBeLessThan(TimeSpan.FromMilliseconds(5));
    }

    /// <summary>Messages may be lost, so the question is repeated, as every asker of the cluster repeats its questions.</summary>
    private static void AskAllUntilAnswered(SimulatedMembers members, SimulatedNode asker)
    {
        HashSet<string> answered = [];
        IActorRef? inbox = null;
        asker.Run(() => inbox = asker.System.ActorOf(Props.Create(() => new Inbox(answered))));
        for (int attempt = 0; attempt < 100 && answered.Count < Entities; attempt++)
        {
            asker.Run(() =>
            {
                IActorRef region = ClusterSharding.Get(asker.System).ShardRegion("data-shard");
                for (int entity = 0; entity < Entities; entity++) region.Tell(new CensusActor.Where("job/" + entity, attempt), inbox);
            });
            members.Cluster.RunUntil(() => answered.Count == Entities, TimeSpan.FromSeconds(2));
        }

        answered.Count.ShouldBe(Entities, $"seed {members.Cluster.Seed}: only {string.Join(", ", answered.Order())} answered");
    }

    /// <summary>A shard that has moved shows in the census with its first message.</summary>
    private static void ShouldBecomeEven(SimulatedMembers members)
    {
        for (int attempt = 0; attempt < 20 && !IsEven(members); attempt++)
        {
            members.Cluster.RunFor(TimeSpan.FromSeconds(2));
            AskAllUntilAnswered(members, members.Cluster.Nodes[0]);
        }

        IsEven(members).ShouldBeTrue($"seed {members.Cluster.Seed}: {Loads(members)}");
    }

    private static bool IsEven(SimulatedMembers members)
    {
        int[] loads = [.. members.Cluster.Nodes.Select(node => members.Census.Load().GetValueOrDefault(node.Name))];
        return loads.Max() - loads.Min() <= 1;
    }

    private static string Loads(SimulatedMembers members) => string.Join(", ", members.Census.Load().OrderBy(entry => entry.Key));

    private static SimulatedMembers Start(int seed, int nodes, SimulatedFaults? faults = null) => new(seed, nodes, faults ?? SimulatedFaults.All, (system, census) =>
        ClusterSharding.Get(system).Start(
            "data-shard",
            id => Props.Create(() => new CensusActor(id, census)),
            ClusterShardingSettings.Create(system).WithRole("worker").WithPassivateIdleAfter(TimeSpan.Zero)
                .WithTuningParameters(new TuningParameters { RebalanceInterval = TimeSpan.FromSeconds(2), HandOffTimeout = TimeSpan.FromSeconds(5) }),
            new CensusExtractor()));

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(HashSet<string> answered) => Receive<CensusActor.Here>(here => answered.Add(here.Name));
    }
}

using Cluster.Actors.Simulation;

namespace Cluster.Actors.Tests.Embedded;

/// <summary>
/// Membership, a singleton and sharded entities together, under crashes, leaves, partitions and a bad network in random order. In
/// the end all nodes are up, everything answers, and nothing ever ran twice.
/// </summary>
public sealed class ClusterChaosTests
{
    private const int Nodes = 5;
    private const int Entities = 8;
    private const int Blows = 6;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>CLUSTER_CHAOS_SEEDS, such as 1000-1999, chooses other seeds than the usual ones.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            int[] range = [.. (Environment.GetEnvironmentVariable("CLUSTER_CHAOS_SEEDS") ?? "1-12").Split('-').Select(int.Parse)];
            return [.. Enumerable.Range(range[0], range[1] - range[0] + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Everything_comes_back_and_nothing_runs_twice(int seed)
    {
        SimulatedMembers members = new(seed, Nodes, SimulatedFaults.All, Start);
        members.ShouldBeUpWithin(s_patience);
        for (int blow = 0; blow < Blows; blow++)
        {
            Strike(members);
            members.Cluster.RunFor(members.Cluster.Chance.Next(TimeSpan.Zero, TimeSpan.FromSeconds(12)));
            members.Cluster.Heal();
            foreach (SimulatedNode node in members.Cluster.Nodes.Where(node => !node.IsRunning)) members.Cluster.Restart(node);
            if (members.Cluster.Chance.Chance(0.7)) members.ShouldBeUpWithin(s_patience);
        }

        members.ShouldBeUpWithin(s_patience);
        ShouldAnswer(members);
        members.Census.Doubles.ShouldBeEmpty($"seed {seed}");
    }

    private static void Strike(SimulatedMembers members)
    {
        SimulatedChance chance = members.Cluster.Chance;
        SimulatedNode[] shuffled = [.. members.Cluster.Nodes.OrderBy(_ => chance.NextUInt64())];
        switch (chance.Next(5))
        {
            case 0:
                members.Crash(shuffled[0]);
                break;
            case 1:
                members.Crash(shuffled[0]);
                members.Crash(shuffled[1]);
                break;
            case 2:
                shuffled[0].Run(() => ActorCluster.Get(shuffled[0].System).Leave(ActorCluster.Get(shuffled[0].System).SelfAddress));
                break;
            case 3:
                int greater = 3 + chance.Next(2);
                members.Cluster.Partition(shuffled[..greater], shuffled[greater..]);
                break;
            default:
                members.Cluster.Partition(shuffled[0], shuffled[1], oneWay: chance.Chance(0.5));
                break;
        }
    }

    private static void ShouldAnswer(SimulatedMembers members)
    {
        HashSet<string> answered = [];
        SimulatedNode asker = members.Cluster.Nodes[members.Cluster.Chance.Next(Nodes)];
        IActorRef? inbox = null;
        IActorRef? proxy = null;
        asker.Run(() =>
        {
            inbox = asker.System.ActorOf(Props.Create(() => new Inbox(answered)));
            proxy = asker.System.ActorOf(ClusterSingletonProxy.Props("/user/jobs", ClusterSingletonProxySettings.Create(asker.System)));
        });
        for (int attempt = 0; attempt < 100 && answered.Count < Entities + 1; attempt++)
        {
            asker.Run(() =>
            {
                proxy!.Tell(new CensusActor.Where("singleton", attempt), inbox);
                IActorRef region = ClusterSharding.Get(asker.System).ShardRegion("data-shard");
                for (int entity = 0; entity < Entities; entity++) region.Tell(new CensusActor.Where("job/" + entity, attempt), inbox);
            });
            members.Cluster.RunUntil(() => answered.Count == Entities + 1, TimeSpan.FromSeconds(2));
        }

        answered.Count.ShouldBe(Entities + 1, $"seed {members.Cluster.Seed}: only {string.Join(", ", answered.Order())} answered");
    }

    private static void Start(ActorSystem system, Census census)
    {
        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new CensusActor("singleton", census)), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system)),
            "jobs");
        IActorRef region = ClusterSharding.Get(system).Start(
            "data-shard",
            id => Props.Create(() => new CensusActor(id, census)),
            ClusterShardingSettings.Create(system).WithTuningParameters(new TuningParameters { RebalanceInterval = TimeSpan.FromSeconds(2) }),
            new CensusExtractor());
        system.ActorOf(Props.Create(() => new Customer(region)));
    }

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(HashSet<string> answered) => Receive<CensusActor.Here>(here => answered.Add(here.Name));
    }

    /// <summary>Sends to all entities all the time, so that they live somewhere.</summary>
    private sealed class Customer : ReceiveActor, IWithTimers
    {
        public Customer(IActorRef region)
        {
            Receive<string>(_ =>
            {
                for (int entity = 0; entity < Entities; entity++) region.Tell(new CensusActor.Where("job/" + entity, 0));
            });
            Receive<CensusActor.Here>(_ => { });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("ask", "ask", TimeSpan.FromSeconds(1));
    }
}

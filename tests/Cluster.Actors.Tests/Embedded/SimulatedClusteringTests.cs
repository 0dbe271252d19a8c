using Cluster.Actors.Persistence.Storage;
using Cluster.Actors.Simulation;

namespace Cluster.Actors.Tests.Embedded;

public sealed class SimulatedClusteringTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_cluster_with_shards_and_a_singleton_replays_exactly_from_its_seed(int seed)
    {
        ulong first = Run(seed).TraceHash;
        Run(seed).TraceHash.ShouldBe(first);
    }

    [Fact]
    public void Entities_and_the_singleton_come_back_after_the_crash_of_their_node_under_all_faults()
    {
        for (int seed = 10; seed < 20; seed++)
            Run(seed).Crashes.ShouldBe(1);
    }

    /// <summary>Counts in sharded persistent entities and asks a singleton, while one node crashes and comes back.</summary>
    internal static SimulatedCluster Run(int seed)
    {
        SimulatedCluster cluster = new(seed, SimulatedFaults.All);
        HashSet<int> answered = [];
        HashSet<int> pinged = [];
        foreach (string name in new[] { "a", "b", "c" })
            cluster.AddNode(name, node => StartNode(cluster, node, answered, pinged));
        bool rounds = cluster.RunUntil(() => answered.Count >= 5 && pinged.Count >= 3, s_limit);
        rounds.ShouldBeTrue($"seed {seed}: {answered.Count} answers, {pinged.Count} pings at {cluster.Elapsed}");
        cluster.Crash(cluster["b"]);
        cluster.RunFor(TimeSpan.FromSeconds(1));
        cluster.Restart(cluster["b"]);
        bool again = cluster.RunUntil(() => answered.Count >= 20 && pinged.Count >= 20, s_limit);
        again.ShouldBeTrue($"seed {seed}: {answered.Count} answers, {pinged.Count} pings at {cluster.Elapsed} after the crash");
        return cluster;
    }

    private static ActorSystem StartNode(SimulatedCluster cluster, SimulatedNode node, HashSet<int> answered, HashSet<int> pinged)
    {
        MemoryPersistence disk = cluster.Durable("disk", () => new MemoryPersistence());
        ClusterSettings settings = new() { Roles = ["worker"] };
        ActorSystem system = ActorSystem.Create("sim", node.Setup.With(settings).With(new PersistenceSetup(disk.Open(node.TimeProvider))));
        ActorCluster.Get(system).JoinSeedNodes([new Address("akka", "sim", "a", 1), new Address("akka", "sim", "c", 1)]);
        IActorRef region = ClusterSharding.Get(system).Start(
            "counter",
            id => Props.Create(() => new PersistentCounter(id)),
            ClusterShardingSettings.Create(system).WithRole("worker"),
            HashCodeMessageExtractor.Create(8, message => message is Add add ? add.Entity : null));
        system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Echo()), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system)), "boss");
        IActorRef proxy = system.ActorOf(ClusterSingletonProxy.Props("/user/boss", ClusterSingletonProxySettings.Create(system)), "proxy");
        if (node.Name == "a")
            system.ActorOf(Props.Create(() => new Driver(region, proxy, answered, pinged)), "driver");
        return system;
    }

    private sealed record Add(string Entity, int Number);

    private sealed record Added(int Number);

    private sealed class Driver : ReceiveActor, IWithTimers
    {
        private int _next;

        public Driver(IActorRef region, IActorRef singleton, HashSet<int> answered, HashSet<int> pinged)
        {
            Receive<string>(_ =>
            {
                region.Tell(new Add($"entity-{_next % 6}", _next));
                singleton.Tell(_next);
                _next++;
            });
            Receive<Added>(added => answered.Add(added.Number));
            Receive<int>(number => pinged.Add(number));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("drive", "drive", TimeSpan.FromMilliseconds(300));
    }

    private sealed class PersistentCounter : ReceivePersistentActor
    {
        public PersistentCounter(string id)
        {
            PersistenceId = id;
            Recover<string>(_ => { });
            Command<Add>(add =>
            {
                IActorRef asker = Sender;
                Persist("added", _ => asker.Tell(new Added(add.Number)));
            });
        }

        public override string PersistenceId { get; }
    }
}

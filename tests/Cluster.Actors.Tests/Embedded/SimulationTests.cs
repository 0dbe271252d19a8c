using Cluster.Actors.Simulation;

namespace Cluster.Actors.Tests.Embedded;

public sealed class SimulationTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        ulong first = RunRing(seed: 7, SimulatedFaults.All, rounds: 300).TraceHash;
        RunRing(seed: 7, SimulatedFaults.All, rounds: 300).TraceHash.ShouldBe(first);
        RunRing(seed: 8, SimulatedFaults.All, rounds: 300).TraceHash.ShouldNotBe(first);
    }

    [Fact]
    public void Messages_between_nodes_are_lost_and_doubled_only_where_that_is_switched_on()
    {
        SimulatedCluster calm = RunRing(seed: 1, SimulatedFaults.None, rounds: 300);
        calm.Dropped.ShouldBe(0);
        calm.Duplicated.ShouldBe(0);
        SimulatedCluster rough = RunRing(seed: 1, SimulatedFaults.All, rounds: 300);
        rough.Dropped.ShouldBeGreaterThan(0);
        rough.Duplicated.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_order_of_a_pair_is_kept_under_random_delays_unless_reordering_is_on()
    {
        SimulatedFaults delays = SimulatedFaults.None with { DelayMin = TimeSpan.Zero, DelayMax = TimeSpan.FromMilliseconds(50) };
        Sequence(delays).ShouldBe(Enumerable.Range(0, 500));
        List<int> reordered = Sequence(delays with { Reordering = 0.2 });
        reordered.ShouldNotBe(Enumerable.Range(0, 500));
        reordered.Order().ShouldBe(Enumerable.Range(0, 500));
    }

    [Fact]
    public void Virtual_time_passes_without_real_time()
    {
        SimulatedCluster cluster = new(3);
        List<TimeSpan> ticks = [];
        SimulatedNode node = cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Ticker(ticks, TimeSpan.FromHours(1))), "ticker")));
        cluster.RunUntil(() => ticks.Count == 5, TimeSpan.FromDays(1)).ShouldBeTrue();
        ticks[4].ShouldBe(TimeSpan.FromHours(5));
        node.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public void A_crashed_node_neither_runs_nor_sends_nor_takes_and_restarts_with_what_was_durable()
    {
        SimulatedCluster cluster = new(4);
        List<TimeSpan> ticks = [];
        SimulatedNode node = cluster.AddNode("a", node =>
        {
            node.Durable("starts", () => new List<int>()).Add(1);
            return Start(node, system => system.ActorOf(Props.Create(() => new Ticker(ticks, TimeSpan.FromSeconds(1))), "ticker"));
        });
        cluster.RunFor(TimeSpan.FromSeconds(3.5));
        ticks.Count.ShouldBe(3);
        cluster.Crash(node);
        cluster.RunFor(TimeSpan.FromSeconds(10));
        ticks.Count.ShouldBe(3);
        cluster.Restart(node);
        cluster.RunFor(TimeSpan.FromSeconds(2.5));
        ticks.Count.ShouldBe(5);
        node.Durable("starts", () => new List<int>()).Count.ShouldBe(2);
    }

    [Fact]
    public void A_partition_stops_messages_until_it_is_healed_and_one_way_only_where_asked()
    {
        SimulatedCluster cluster = new(5);
        List<string> got = [];
        SimulatedNode a = cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Sink(got, "a")), "sink")));
        SimulatedNode b = cluster.AddNode("b", node => Start(node, system => system.ActorOf(Props.Create(() => new Sink(got, "b")), "sink")));
        void Both(string text)
        {
            a.Run(() => a.System.ActorSelection("akka://sim@b:1/user/sink").Tell(text, ActorRefs.NoSender));
            b.Run(() => b.System.ActorSelection("akka://sim@a:1/user/sink").Tell(text, ActorRefs.NoSender));
            cluster.RunFor(TimeSpan.FromSeconds(1));
        }

        Both("1");
        got.Order().ShouldBe(["a1", "b1"]);
        cluster.Partition(a, b);
        Both("2");
        got.Count.ShouldBe(2);
        cluster.Heal();
        cluster.Partition(a, b, oneWay: true);
        Both("3");
        got.ShouldBe(["a1", "b1", "a3"], ignoreOrder: true);
        cluster.Heal();
        Both("4");
        got.Count.ShouldBe(5);
    }

    [Fact]
    public void A_watch_of_a_remote_actor_survives_the_loss_of_every_other_message()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            SimulatedCluster cluster = new(seed, SimulatedFaults.None with { Loss = 0.5 });
            List<string> got = [];
            IActorRef? target = null;
            SimulatedNode b = cluster.AddNode("b", node => Start(node, system => target = system.ActorOf(Props.Create(() => new Echo()), "target")));
            cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Watcher(target!, got)), "watcher")));
            cluster.RunFor(TimeSpan.FromSeconds(5));
            got.ShouldBeEmpty();
            b.Run(() => b.System.Stop(target!));
            cluster.RunUntil(() => got.Count > 0, s_limit).ShouldBeTrue($"seed {seed}");
            cluster.RunFor(TimeSpan.FromSeconds(20));
            got.ShouldBe(["terminated target"], $"seed {seed}");
        }
    }

    [Fact]
    public void An_actor_of_a_former_life_of_its_node_is_reported_terminated()
    {
        SimulatedCluster cluster = new(6);
        List<string> got = [];
        IActorRef? target = null;
        SimulatedNode b = cluster.AddNode("b", node => Start(node, system => target = system.ActorOf(Props.Create(() => new Echo()), "target")));
        cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Watcher(target!, got)), "watcher")));
        cluster.RunFor(TimeSpan.FromSeconds(2));
        cluster.Crash(b);
        cluster.RunFor(TimeSpan.FromSeconds(5));
        got.ShouldBeEmpty();
        cluster.Restart(b);
        cluster.RunFor(TimeSpan.FromSeconds(3));
        got.ShouldBe(["terminated target"]);
    }

    [Fact]
    public void Ask_and_pipe_to_continue_on_the_simulation_thread_across_nodes()
    {
        SimulatedCluster cluster = new(9, SimulatedFaults.None with { DelayMin = TimeSpan.FromMilliseconds(1), DelayMax = TimeSpan.FromMilliseconds(9) });
        List<string> got = [];
        cluster.AddNode("b", node => Start(node, system => system.ActorOf(Props.Create(() => new Echo()), "echo")));
        cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Asker(got, "akka://sim@b:1/user/echo")), "asker")));
        cluster.RunUntil(() => got.Count == 2, s_limit).ShouldBeTrue();
        got.ShouldBe(["hello", "late: AskTimeoutException"], ignoreOrder: true);
    }

    [Fact]
    public void A_reference_inside_a_message_by_reference_still_goes_through_the_network()
    {
        SimulatedCluster cluster = new(10);
        List<string> got = [];
        SimulatedNode a = cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Sink(got, "a")), "sink")));
        SimulatedNode b = cluster.AddNode("b", node => Start(node, system => system.ActorOf(Props.Create(() => new Sink(got, "b")), "sink")));
        IActorRef local = null!;
        a.Run(() => local = a.System.ActorOf(Props.Create(() => new Sink(got, "private")), "private"));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        cluster.Partition(a, b);
        b.Run(() => local.Tell("x", ActorRefs.NoSender));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        got.ShouldBeEmpty();
        cluster.Heal();
        b.Run(() => local.Tell("y", ActorRefs.NoSender));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        got.ShouldBe(["privatey"]);
    }

    [Fact]
    public void A_run_that_gets_nowhere_is_reported_with_its_seed()
    {
        SimulatedCluster cluster = new(11) { StepsPerInstantMax = 5000 };
        SimulatedNode node = cluster.AddNode("a", node => Start(node, system => system.ActorOf(Props.Create(() => new Spinner()), "spinner")));
        InvalidOperationException stuck = Should.Throw<InvalidOperationException>(() => cluster.RunFor(TimeSpan.FromSeconds(1)));
        stuck.Message.ShouldContain("seed 11");
        node.IsRunning.ShouldBeTrue();
    }

    private static ActorSystem Start(SimulatedNode node, Action<ActorSystem> populate)
    {
        ActorSystem system = ActorSystem.Create("sim", node.Setup);
        populate(system);
        return system;
    }

    private static SimulatedCluster RunRing(int seed, SimulatedFaults faults, int rounds)
    {
        SimulatedCluster cluster = new(seed, faults);
        int passed = 0;
        Action count = () => passed++;
        string[] names = ["a", "b", "c"];
        for (int i = 0; i < names.Length; i++)
        {
            string next = $"akka://sim@{names[(i + 1) % names.Length]}:1/user/ring";
            cluster.AddNode(names[i], node => Start(node, system => system.ActorOf(Props.Create(() => new RingMember(next, count)), "ring")));
        }

        cluster.RunUntil(() => passed >= rounds, s_limit).ShouldBeTrue();
        return cluster;
    }

    private static List<int> Sequence(SimulatedFaults faults)
    {
        SimulatedCluster cluster = new(12, faults);
        List<int> got = [];
        cluster.AddNode("b", node => Start(node, system => system.ActorOf(Props.Create(() => new Collector(got)), "sink")));
        SimulatedNode a = cluster.AddNode("a", node => Start(node, _ => { }));
        IActorRef sink = ((ExtendedActorSystem)a.System).Provider.ResolveActorRef("akka://sim@b:1/user/sink");
        a.Run(() =>
        {
            for (int i = 0; i < 500; i++)
                sink.Tell(i, ActorRefs.NoSender);
        });
        cluster.RunFor(TimeSpan.FromMinutes(1));
        return got;
    }

    private sealed class RingMember : ReceiveActor, IWithTimers
    {
        public RingMember(string next, Action passed)
        {
            Receive<int>(number =>
            {
                passed();
                Context.ActorSelection(next).Tell(number + 1);
            });
            Receive<string>(_ => Context.ActorSelection(next).Tell(0));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("kick", "kick", TimeSpan.FromSeconds(1));
    }

    private sealed class Ticker : ReceiveActor, IWithTimers
    {
        private readonly TimeSpan _interval;

        public Ticker(List<TimeSpan> ticks, TimeSpan interval)
        {
            _interval = interval;
            IScheduler clock = Context.System.Scheduler;
            Receive<string>(_ => ticks.Add(clock.MonotonicClock));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", _interval);
    }

    private sealed class Sink : ReceiveActor
    {
        public Sink(List<string> got, string name) => Receive<string>(text => got.Add(name + text));
    }

    private sealed class Collector : ReceiveActor
    {
        public Collector(List<int> got) => Receive<int>(got.Add);
    }

    private sealed class Watcher : ReceiveActor
    {
        private readonly IActorRef _target;

        public Watcher(IActorRef target, List<string> got)
        {
            _target = target;
            Receive<Terminated>(dead => got.Add("terminated " + dead.ActorRef.Path.Name));
        }

        protected override void PreStart() => Context.Watch(_target);
    }

    private sealed class Asker : ReceiveActor
    {
        private readonly string _path;

        public Asker(List<string> got, string path)
        {
            _path = path;
            Receive<string>(got.Add);
        }

        protected override void PreStart()
        {
            Context.ActorSelection(_path).Ask<string>("hello", TimeSpan.FromSeconds(5)).PipeTo(Self, failure: cause => "late: " + cause.GetType().Name);
            Context.ActorSelection(_path + "/nobody").Ask<string>("hello", TimeSpan.FromSeconds(5)).PipeTo(Self, failure: cause => "late: " + cause.GetType().Name);
        }
    }

    private sealed class Spinner : ReceiveActor
    {
        public Spinner() => Receive<string>(text => Self.Tell(text));

        protected override void PreStart() => Self.Tell("again");
    }
}

namespace Cluster.Actors.Tests.Remote.Embedded;

/// <summary>Actor systems that reach each other through loopback sockets, each with a network of its own, as processes have.</summary>
[Collection(RealTime.Name)]
public sealed class TcpNetworkTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (ActorSystem system in _systems) await system.Terminate().WaitAsync(s_timeout);
    }

    [Fact]
    public async Task Ask_and_answer_cross_from_node_to_node()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        b.ActorOf(Props.Create(() => new Echo()), "echo");
        (await a.ActorSelection(AddressOf(b) + "/user/echo").Ask<string>("hello", s_timeout)).ShouldBe("hello");
        IActorRef resolved = await a.ActorSelection(AddressOf(b) + "/user/echo").ResolveOne(s_timeout);
        resolved.Path.Address.ShouldBe(AddressOf(b));
        (await resolved.Ask<int>(5, s_timeout)).ShouldBe(5);
    }

    [Fact]
    public async Task The_watcher_of_a_remote_actor_is_told_of_its_end()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        IActorRef target = b.ActorOf(Props.Create(() => new Echo()), "target");
        IActorRef remote = await a.ActorSelection(AddressOf(b) + "/user/target").ResolveOne(s_timeout);
        using TestProbe probe = Probe(a);
        probe.Watch(remote);
        b.Stop(target);
        probe.ExpectTerminated(remote, s_timeout);
    }

    [Fact]
    public async Task The_end_of_a_node_ends_its_actors_for_their_watchers()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        b.ActorOf(Props.Create(() => new Echo()), "target");
        b.ActorOf(Props.Create(() => new Echo()), "earlier");
        IActorRef remote = await a.ActorSelection(AddressOf(b) + "/user/target").ResolveOne(s_timeout);
        IActorRef earlier = await a.ActorSelection(AddressOf(b) + "/user/earlier").ResolveOne(s_timeout);
        using TestProbe probe = Probe(a);
        probe.Watch(remote);
        probe.Watch(earlier);
        a.Stop(earlier);
        probe.ExpectTerminated(earlier, s_timeout);     // so the watch before it has come, too
        await b.Terminate().WaitAsync(s_timeout);
        probe.ExpectTerminated(remote, s_timeout);
    }

    [Fact]
    public void The_order_of_a_pair_of_actors_is_kept_whatever_the_size_of_the_messages()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        using TestProbe probe = Probe(b);
        IActorRef far = ((ExtendedActorSystem)a).Provider.ResolveActorRef(probe.Ref.Path);
        byte[] block = new byte[256 * 1024];
        for (int i = 0; i < 500; i++)
        {
            far.Tell(i, ActorRefs.NoSender);
            if (i % 10 == 0) far.Tell(block, ActorRefs.NoSender);
        }

        for (int i = 0; i < 500; i++)
        {
            probe.ExpectMsg(i, s_timeout);
            if (i % 10 == 0) probe.ExpectMsg<byte[]>(s_timeout).Length.ShouldBe(block.Length);
        }
    }

    [Fact]
    public async Task The_watcher_hears_of_an_end_after_the_last_that_the_actor_said()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        for (int i = 0; i < 20; i++)
        {
            b.ActorOf(Props.Create(() => new LastWords(200_000)), "last" + i);
            IActorRef remote = await a.ActorSelection($"{AddressOf(b)}/user/last{i}").ResolveOne(s_timeout);
            using TestProbe probe = Probe(a);
            probe.Watch(remote);
            probe.Send(remote, "speak");
            for (int block = 0; block < 8; block++) probe.ExpectMsg<byte[]>(s_timeout)[0].ShouldBe((byte)block);
            probe.ExpectTerminated(remote, s_timeout);
        }
    }

    [Fact]
    public async Task A_message_says_what_its_sender_said_when_it_was_sent()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        using TestProbe probe = Probe(b);
        IActorRef far = await a.ActorSelection(probe.Ref.Path).ResolveOne(s_timeout);
        byte[] bytes = [1, 2, 3];
        far.Tell(bytes, ActorRefs.NoSender);
        bytes[0] = 9;
        probe.ExpectMsg<byte[]>(s_timeout).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_node_that_comes_back_at_its_address_is_reached_again()
    {
        (ActorSystem a, ActorSystem b) = Nodes();
        b.ActorOf(Props.Create(() => new Echo()), "echo");
        string path = AddressOf(b) + "/user/echo";
        (await a.ActorSelection(path).Ask<string>("one", s_timeout)).ShouldBe("one");
        int port = AddressOf(b).Port!.Value;
        await b.Terminate().WaitAsync(s_timeout);

        ActorSystem again = Node(new TcpNetwork(), port);
        again.ActorOf(Props.Create(() => new Echo()), "echo");
        (await TcpTestNode.AskUntilAnswered(a, path, "two")).ShouldBe("two");
    }

    [Fact]
    public async Task What_waits_for_a_node_that_does_not_take_it_is_bounded_and_the_rest_is_dropped_and_counted()
    {
        TcpNetwork network = new(new TcpSettings { QueueBytesMax = FrameFormat.FrameBytesMax, HandshakeTimeout = s_timeout });
        ActorSystem a = Node(network);
        ActorSystem b = Node(new TcpNetwork());
        using TestProbe probe = Probe(b);
        IActorRef far = await a.ActorSelection(probe.Ref.Path).ResolveOne(s_timeout);
        byte[] block = new byte[FrameFormat.MessageBytesMax / 2];
        for (int i = 0; i < 200; i++) far.Tell(block, ActorRefs.NoSender);
        network.Counters.Dropped.ShouldBeGreaterThan(0);
        // Room comes back: the node is as reachable as before.
        (await TcpTestNode.AskUntilAnswered(a, b.ActorOf(Props.Create(() => new Echo()), "echo").Path.ToString(), "two")).ShouldBe("two");
    }

    [Fact]
    public void Nodes_of_one_network_talk_by_reference()
    {
        TcpNetwork network = new();
        ActorSystem a = Node(network);
        ActorSystem b = Node(network);
        using TestProbe probe = Probe(b);
        object message = new();
        ((ExtendedActorSystem)a).Provider.ResolveActorRef(probe.Ref.Path).Tell(message, ActorRefs.NoSender);
        probe.ExpectMsg<object>(s_timeout).ShouldBeSameAs(message);
    }

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private static TestProbe Probe(ActorSystem system) => new(system, "probe" + Guid.NewGuid().ToString("N"));

    private (ActorSystem A, ActorSystem B) Nodes() => (Node(Patient()), Node(Patient()));

    /// <summary>Gives the first and the last words of a node as long as a test has: what is lost with a connection is never sent again.</summary>
    private static TcpNetwork Patient() => new(new TcpSettings { HandshakeTimeout = s_timeout, StallTimeout = s_timeout, FlushTimeout = s_timeout });

    private ActorSystem Node(TcpNetwork network, int port = 0)
    {
        EmbeddedSetup setup = new() { Network = network, Host = "127.0.0.1", Port = network.Reserve("127.0.0.1", port) };
        ActorSystem system = ActorSystem.Create("net", setup);
        _systems.Add(system);
        return system;
    }

    /// <summary>Answers at length, and ends.</summary>
    private sealed class LastWords : ReceiveActor
    {
        public LastWords(int bytes) => Receive<string>(_ =>
        {
            for (byte block = 0; block < 8; block++)
            {
                byte[] said = new byte[bytes];
                said[0] = block;
                Sender.Tell(said);
            }

            Context.Stop(Self);
        });
    }
}

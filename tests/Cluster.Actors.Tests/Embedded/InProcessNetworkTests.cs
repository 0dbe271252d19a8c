namespace Cluster.Actors.Tests.Embedded;

public sealed class InProcessNetworkTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly List<ActorSystem> _systems = [];

    public void Dispose()
    {
        foreach (ActorSystem system in _systems)
            system.Terminate().Wait(s_timeout);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_and_answer_cross_from_node_to_node(bool serialize)
    {
        (ActorSystem a, ActorSystem b) = Nodes(serialize);
        b.ActorOf(Props.Create(() => new Echo()), "echo");
        (await a.ActorSelection("akka://net@b:1/user/echo").Ask<string>("hello", s_timeout)).ShouldBe("hello");
        IActorRef resolved = await a.ActorSelection("akka://net@b:1/user/echo").ResolveOne(s_timeout);
        resolved.Path.Address.Host.ShouldBe("b");
        (await resolved.Ask<int>(5, s_timeout)).ShouldBe(5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_watcher_of_a_remote_actor_is_told_of_its_end(bool serialize)
    {
        (ActorSystem a, ActorSystem b) = Nodes(serialize);
        IActorRef target = b.ActorOf(Props.Create(() => new Echo()), "target");
        IActorRef remote = await a.ActorSelection("akka://net@b:1/user/target").ResolveOne(s_timeout);
        using TestProbe probe = Probe(a);
        probe.Watch(remote);
        probe.Send(remote, "ping");
        probe.ExpectMsg("ping", s_timeout);
        b.Stop(target);
        probe.ExpectTerminated(remote, s_timeout).ExistenceConfirmed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_end_of_a_node_ends_its_actors_for_their_watchers()
    {
        (ActorSystem a, ActorSystem b) = Nodes(serialize: true);
        b.ActorOf(Props.Create(() => new Echo()), "target");
        IActorRef remote = await a.ActorSelection("akka://net@b:1/user/target").ResolveOne(s_timeout);
        using TestProbe probe = Probe(a);
        probe.Watch(remote);
        probe.Send(remote, "ping");
        probe.ExpectMsg("ping", s_timeout);
        await b.Terminate().WaitAsync(s_timeout);
        probe.ExpectTerminated(remote, s_timeout);
    }

    [Fact]
    public async Task A_lost_node_ends_its_actors_for_their_watchers_and_is_not_heard_again()
    {
        (ActorSystem a, ActorSystem b) = Nodes(serialize: false);
        IActorRef target = b.ActorOf(Props.Create(() => new Echo()), "target");
        IActorRef remote = await a.ActorSelection("akka://net@b:1/user/target").ResolveOne(s_timeout);
        using TestProbe probe = Probe(a);
        probe.Watch(remote);
        probe.Send(remote, "ping");
        probe.ExpectMsg("ping", s_timeout);
        EmbeddedActorSystem lost = (EmbeddedActorSystem)b;
        ((EmbeddedActorSystem)a).Provider.Gateway!.NodeLost(lost.Provider.DefaultAddress, lost.Uid);
        probe.ExpectTerminated(remote, s_timeout).AddressTerminated.ShouldBeTrue();
        using TestProbe late = Probe(a);
        late.Watch(remote);
        late.ExpectTerminated(remote, s_timeout);
        IActorRef toProbe = ((ExtendedActorSystem)b).Provider.ResolveActorRef(probe.Ref.Path);
        toProbe.Tell("from the dead", target);
        probe.Ref.Tell("end", ActorRefs.NoSender);
        probe.ExpectMsg("end");
    }

    [Fact]
    public async Task A_reference_sent_as_text_comes_back_as_the_same_actor()
    {
        (ActorSystem a, ActorSystem b) = Nodes(serialize: true);
        IActorRef local = a.ActorOf(Props.Create(() => new Echo()), "local");
        string text = Actors.Serialization.Serialization.SerializedActorPath(local);
        IActorRef far = ((ExtendedActorSystem)b).Provider.ResolveActorRef(text);
        far.ShouldBe(local);
        (await far.Ask<string>("x", s_timeout)).ShouldBe("x");
        ((ExtendedActorSystem)a).Provider.ResolveActorRef(text).ShouldBeSameAs(local);
    }

    [Fact]
    public void The_order_of_a_pair_of_actors_is_kept_between_nodes()
    {
        (ActorSystem a, ActorSystem b) = Nodes(serialize: false);
        using TestProbe probe = Probe(b);
        IActorRef far = ((ExtendedActorSystem)a).Provider.ResolveActorRef(probe.Ref.Path);
        for (int i = 0; i < 2000; i++)
            far.Tell(i, ActorRefs.NoSender);
        for (int i = 0; i < 2000; i++)
            probe.ExpectMsg(i, s_timeout);
    }

    [Fact]
    public void A_taken_address_is_refused()
    {
        InProcessNetwork network = new();
        _systems.Add(ActorSystem.Create("net", new EmbeddedSetup { Network = network, Host = "a", Port = 1 }));
        Should.Throw<InvalidOperationException>(() => ActorSystem.Create("net", new EmbeddedSetup { Network = network, Host = "a", Port = 1 }));
    }

    private static TestProbe Probe(ActorSystem system) => new(system, "probe" + Guid.NewGuid().ToString("N"));

    private (ActorSystem A, ActorSystem B) Nodes(bool serialize)
    {
        InProcessNetwork network = new(serialize);
        ActorSystem a = ActorSystem.Create("net", new EmbeddedSetup { Network = network, Host = "a", Port = 1 });
        ActorSystem b = ActorSystem.Create("net", new EmbeddedSetup { Network = network, Host = "b", Port = 1 });
        _systems.Add(a);
        _systems.Add(b);
        return (a, b);
    }
}

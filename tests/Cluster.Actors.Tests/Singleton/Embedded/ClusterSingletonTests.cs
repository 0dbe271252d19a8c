using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Singleton.Embedded;

/// <summary>Singletons on real threads.</summary>
[Collection(RealTime.Name)]
public sealed class ClusterSingletonTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_runs_on_the_oldest_member_of_its_role_and_is_found_from_everywhere(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem seed = await cluster.StartNode("seed");
        ActorSystem first = await cluster.StartNode("coordinator");
        ActorSystem second = await cluster.StartNode("coordinator");
        foreach (ActorSystem node in cluster.Nodes) Start(node, census);

        CensusActor.Here here = await Ask(seed);

        here.Node.ShouldBe(ActorCluster.Get(first).SelfAddress.Host);
        (await Ask(second)).Node.ShouldBe(here.Node);
        census.Starts("singleton").ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_handed_over_when_its_node_ends(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem first = await cluster.StartNode("coordinator");
        ActorSystem second = await cluster.StartNode("coordinator");
        Start(first, census);
        Start(second, census);
        (await Ask(second)).Node.ShouldBe(ActorCluster.Get(first).SelfAddress.Host);

        await first.Terminate().WaitAsync(InProcessCluster.Deadline);

        (await Ask(second)).Node.ShouldBe(ActorCluster.Get(second).SelfAddress.Host);
        census.Doubles.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_before_there_is_a_singleton_is_kept_for_it(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem seed = await cluster.StartNode("seed");
        Start(seed, census);

        Task<CensusActor.Here> early = Ask(seed);
        ActorSystem coordinator = await cluster.StartNode("coordinator");
        Start(coordinator, census);

        (await early).Node.ShouldBe(ActorCluster.Get(coordinator).SelfAddress.Host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_buffer_drops_the_oldest_message(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        ActorSystem seed = await cluster.StartNode("seed");
        TestKit.TestKit kit = new(seed);
        TestKit.TestProbe letters = kit.CreateTestProbe();
        seed.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        IActorRef proxy = seed.ActorOf(ClusterSingletonProxy.Props(
            "/user/nobody", ClusterSingletonProxySettings.Create(seed).WithRole("coordinator").WithBufferSize(2)));

        foreach (string text in new[] { "first", "second", "third" }) proxy.Tell(text, ActorRefs.NoSender);

        letters.FishForMessage<DeadLetter>(letter => letter.Message is string, InProcessCluster.Deadline).Message.ShouldBe("first");
    }

    private static Task<CensusActor.Here> Ask(ActorSystem node) =>
        node.ActorSelection("/user/proxy").Ask<CensusActor.Here>(new CensusActor.Where("singleton", 0), InProcessCluster.Deadline);

    private static void Start(ActorSystem node, Census census)
    {
        if (ActorCluster.Get(node).SelfRoles.Contains("coordinator"))
        {
            node.ActorOf(
                ClusterSingletonManager.Props(
                    Props.Create(() => new CensusActor("singleton", census)), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(node).WithRole("coordinator")),
                "jobs");
        }

        node.ActorOf(ClusterSingletonProxy.Props("/user/jobs", ClusterSingletonProxySettings.Create(node).WithRole("coordinator")), "proxy");
    }
}

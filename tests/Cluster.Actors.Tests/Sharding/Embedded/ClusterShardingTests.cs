using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Sharding.Embedded;

/// <summary>Sharded entities on real threads.</summary>
[Collection(RealTime.Name)]
public sealed class ClusterShardingTests
{
    private const int Entities = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entities_start_with_their_first_message_on_a_node_of_the_role(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem seed = await cluster.StartNode("seed");
        IActorRef proxy = Start(seed, census);
        ActorSystem worker = await cluster.StartNode("worker");
        Start(worker, census);

        CensusActor.Here here = await Ask(proxy, "job/1");

        here.Name.ShouldBe("job/1");
        CurrentShardRegionState state = await ClusterSharding.Get(worker).ShardRegion("data-shard")
            .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, InProcessCluster.Deadline);
        ShardState shard = state.Shards.ShouldHaveSingleItem();
        shard.ShardId.ShouldBe("job/1");
        shard.EntityIds.ShouldBe(["job/1"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartEntity_starts_an_entity_without_a_message(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem worker = await cluster.StartNode("worker");
        IActorRef region = Start(worker, census);

        region.Tell(new ShardRegion.StartEntity("job/1"), ActorRefs.NoSender);
        await Ask(region, "job/1");

        census.Starts("job/1").ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_passivated_entity_comes_back_with_what_was_sent_meanwhile(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem worker = await cluster.StartNode("worker");
        IActorRef region = Start(worker, census);
        await Ask(region, "job/1");

        region.Tell(new CensusActor.StopPolitely("job/1"), ActorRefs.NoSender);
        CensusActor.Here[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask(region, "job/1")));

        answers.Length.ShouldBe(20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_joins_takes_its_share_and_no_message_is_lost_on_the_way(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem first = await cluster.StartNode("worker");
        IActorRef region = Start(first, census);
        foreach (int entity in Enumerable.Range(0, Entities)) await Ask(region, "job/" + entity);
        Tally tally = new();
        IActorRef inbox = first.ActorOf(Props.Create(() => new Inbox(tally)));

        ActorSystem second = await cluster.StartNode("worker");
        Start(second, census);
        int sent = 0;
        while (census.Load().GetValueOrDefault(HostOf(second)) < Entities / 2)
        {
            foreach (int entity in Enumerable.Range(0, Entities)) region.Tell(new CensusActor.Where("job/" + entity, sent++), inbox);
            await Ask(region, "job/0");
        }

        await tally.Reaches(sent);
        tally.Count.ShouldBe(sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_leaves_hands_over_its_entities(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem first = await cluster.StartNode("worker");
        ActorSystem second = await cluster.StartNode("worker");
        IActorRef region = Start(first, census);
        Start(second, census);
        foreach (int entity in Enumerable.Range(0, Entities)) await Ask(region, "job/" + entity);

        await second.Terminate().WaitAsync(InProcessCluster.Deadline);

        foreach (int entity in Enumerable.Range(0, Entities)) (await Ask(region, "job/" + entity)).Node.ShouldBe(HostOf(first));
        census.Doubles.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_coordinator_moves_with_the_oldest_node_and_knows_what_the_others_run(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        Census census = new();
        ActorSystem first = await cluster.StartNode("worker");
        ActorSystem second = await cluster.StartNode("worker");
        ActorSystem third = await cluster.StartNode("worker");
        Start(first, census);
        Start(second, census);
        IActorRef region = Start(third, census);
        foreach (int entity in Enumerable.Range(0, Entities)) await Ask(region, "job/" + entity);

        await first.Terminate().WaitAsync(InProcessCluster.Deadline);

        foreach (int entity in Enumerable.Range(0, Entities * 2)) await Ask(region, "job/" + entity);
        census.Doubles.ShouldBeEmpty();
        census.Load().Values.Sum().ShouldBe(Entities * 2);
    }

    private static IActorRef Start(ActorSystem node, Census census) => ClusterSharding.Get(node).Start(
        "data-shard",
        id => Props.Create(() => new CensusActor(id, census)),
        ClusterShardingSettings.Create(node).WithRole("worker"),
        new CensusExtractor());

    private static string HostOf(ActorSystem node) => ActorCluster.Get(node).SelfAddress.Host!;

    private static Task<CensusActor.Here> Ask(IActorRef region, string entity) =>
        region.Ask<CensusActor.Here>(new CensusActor.Where(entity, 0), InProcessCluster.Deadline);

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(Tally tally) => Receive<CensusActor.Here>(_ => tally.Add());
    }
}

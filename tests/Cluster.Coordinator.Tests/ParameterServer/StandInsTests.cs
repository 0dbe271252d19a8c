using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

/// <summary>Who stands in for whom. The workers are references to nodes that nobody has met.</summary>
public sealed class StandInsTests : ActorTestKit
{
    private readonly ShardDirectory _directory = new(shardCount: 8);
    private readonly SumTree _tree = new(8, (left, right) => left.Add(right), _ => { });
    private readonly StandIns _standIns;

    public StandInsTests()
        : base("akka { actor.provider = remote, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }")
    {
        _standIns = new StandIns(_directory);
        Announce("a", 0, 1, 2, 3);
        Announce("b", 4, 5);
        Announce("c", 6, 7);
    }

    [Fact]
    public void While_all_can_be_heard_nobody_is_asked() => _standIns.Plan(_tree).ShouldBeEmpty();

    [Fact]
    public void What_nobody_has_held_yet_is_not_given_away()
    {
        ShardDirectory empty = new(shardCount: 8);

        new StandIns(empty).Plan(_tree).ShouldBeEmpty();
    }

    [Fact]
    public void What_nobody_has_held_yet_is_computed_by_others_while_a_node_that_may_be_its_home_is_silent()
    {
        Announce("a", 0, 1);
        _standIns.OnSilent(AddressOf("d"));

        _standIns.Plan(_tree).SelectMany(help => help.Shards).ShouldBe([2, 3]);
    }

    [Fact]
    public void What_a_silent_worker_owes_is_dealt_among_the_others_once_a_round()
    {
        Answer(0);
        _standIns.OnSilent(AddressOf("a"));

        IReadOnlyList<Help> plan = _standIns.Plan(_tree);

        plan.Select(help => help.Helper.Id.Value).ShouldBe(["b", "c"]);
        plan.SelectMany(help => help.Shards).ShouldBe([1, 2, 3]);
        _standIns.Plan(_tree).ShouldBeEmpty();
        _standIns.OnOpened();
        _standIns.Plan(_tree).SelectMany(help => help.Shards).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_worker_that_is_heard_again_computes_for_itself()
    {
        _standIns.OnSilent(AddressOf("a"));
        _standIns.OnHeard(AddressOf("a"));

        _standIns.Plan(_tree).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_lost_worker_held_is_computed_by_others_until_it_has_a_home()
    {
        Lose("a");
        _standIns.Plan(_tree).SelectMany(help => help.Shards).ShouldBe([0, 1, 2, 3]);

        Announce("b", 0, 1, 4, 5);
        _standIns.OnOpened();

        _standIns.Plan(_tree).SelectMany(help => help.Shards).ShouldBe([2, 3]);
    }

    [Fact]
    public void What_was_given_to_a_worker_that_is_lost_in_turn_is_given_again()
    {
        Lose("a");
        _standIns.Plan(_tree);
        Lose("b");

        Help help = _standIns.Plan(_tree).ShouldHaveSingleItem();

        help.Helper.Id.Value.ShouldBe("c");
        help.Shards.ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Without_anybody_left_nobody_is_asked()
    {
        Lose("a");
        Lose("b");
        _standIns.OnSilent(AddressOf("c"));

        _standIns.Plan(_tree).ShouldBeEmpty();
    }

    private void Announce(string worker, params int[] shards)
    {
        _directory.Announce(new WorkerId(worker), ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(new RootActorPath(AddressOf(worker)) / "user" / "worker"), [.. shards]);
        _standIns.OnHosted([.. shards]);
    }

    private void Lose(string worker)
    {
        _standIns.OnLost(_directory.Find(new WorkerId(worker))!);
        _directory.LoseWhere(other => other.Id.Value == worker);
    }

    private void Answer(int shard) => _tree.Offer(new Subtree(shard, 1), new NumericBuffer(NumberKind.Float32, 1)).ShouldBe(SumOutcome.Accepted);

    private static Address AddressOf(string worker) => new("akka.tcp", "cluster", worker, 1);
}

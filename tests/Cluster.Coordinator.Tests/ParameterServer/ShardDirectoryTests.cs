using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class ShardDirectoryTests : ActorTestKit
{
    private readonly ShardDirectory _shards = new(shardCount: 4);

    [Fact]
    public void What_a_worker_says_replaces_what_it_said_before()
    {
        IActorRef worker = CreateTestProbe().Ref;

        _shards.Announce(new WorkerId("a"), worker, [0, 1]).ShouldBeNull();
        _shards.Announce(new WorkerId("a"), worker, [3, 1, 1, 9, -1]).ShouldBeNull();

        _shards.Workers.ShouldHaveSingleItem().Shards.ShouldBe([1, 3]);
        _shards.IsHosted(0).ShouldBeFalse();
        _shards.IsHosted(3).ShouldBeTrue();
    }

    [Fact]
    public void A_worker_that_was_restarted_gives_back_the_reference_it_had()
    {
        IActorRef old = CreateTestProbe().Ref;
        IActorRef fresh = CreateTestProbe().Ref;
        _shards.Announce(new WorkerId("a"), old, [0]);

        _shards.Announce(new WorkerId("a"), fresh, [0]).ShouldBe(old);

        _shards.Lose(old).ShouldBeFalse();
        _shards.Lose(fresh).ShouldBeTrue();
        _shards.Workers.ShouldBeEmpty();
    }

    [Fact]
    public void A_worker_without_shards_is_no_host()
    {
        _shards.Announce(new WorkerId("a"), CreateTestProbe().Ref, []);
        _shards.Announce(new WorkerId("b"), CreateTestProbe().Ref, [2]);
        _shards.Announce(new WorkerId("b"), CreateTestProbe().Ref, []);

        _shards.Workers.ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_worker_whose_sum_has_not_come_holds_something_missing()
    {
        SumTree tree = new(4, (left, right) => left.Add(right), _ => { });
        tree.Offer(new Subtree(0, 2), new NumericBuffer(NumberKind.Float64, 1));
        _shards.Announce(new WorkerId("a"), CreateTestProbe().Ref, [0, 1]);
        _shards.Announce(new WorkerId("b"), CreateTestProbe().Ref, [1, 2]);

        _shards.Workers.Select(worker => ShardDirectory.HoldsMissing(worker, tree)).ShouldBe([false, true]);
    }
}

using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class SpeculationTests : ActorTestKit
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    private readonly ShardDirectory _directory = new(shardCount: 8);
    private readonly SumTree _tree = new(8, (left, right) => left.Add(right), _ => { });
    private readonly Speculation _speculation = new(after: 3);

    public SpeculationTests()
    {
        Announce("a", 0, 1);
        Announce("b", 2, 3);
        Announce("c", 4, 5, 6, 7);
        for (int i = 0; i < AnswerTimes.Least; i++) _speculation.OnOwnAnswer(new WorkerId("a"), Usual);
    }

    [Fact]
    public void Nothing_is_late_before_the_bound_however_much_is_missing()
    {
        Answer(0, 2);

        _speculation.Plan(_directory, _tree, 3 * Usual).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_late_worker_owes_is_dealt_among_those_that_owe_nothing()
    {
        Answer(0, 2);
        Answer(2, 2);
        Answer(4, 1);

        IReadOnlyList<Help> plan = _speculation.Plan(_directory, _tree, 3.1 * Usual);

        plan.Select(help => help.Helper.Id.Value).ShouldBe(["a", "b"]);
        plan.SelectMany(help => help.Shards).ShouldBe([5, 6, 7]);
    }

    [Fact]
    public void A_micro_batch_is_given_away_once_a_round()
    {
        Answer(0, 2);
        Answer(2, 2);
        _speculation.Plan(_directory, _tree, 4 * Usual).ShouldNotBeEmpty();

        _speculation.Plan(_directory, _tree, 5 * Usual).ShouldBeEmpty();
        _speculation.OnOpened();

        _speculation.Plan(_directory, _tree, 5 * Usual).SelectMany(help => help.Shards).ShouldBe([4, 5, 6, 7]);
    }

    [Fact]
    public void While_nobody_is_free_nothing_is_given_away()
    {
        _speculation.Plan(_directory, _tree, 9 * Usual).ShouldBeEmpty();
        Answer(2, 2);

        _speculation.Plan(_directory, _tree, 9 * Usual).ShouldHaveSingleItem().Shards.ShouldBe([0, 1, 4, 5, 6, 7]);
    }

    [Fact]
    public void A_worker_that_was_late_is_helped_at_once_in_the_next_round_until_it_is_in_time()
    {
        Answer(0, 2);
        Answer(2, 2);
        _speculation.Plan(_directory, _tree, 4 * Usual).ShouldNotBeEmpty();
        _speculation.OnOpened();

        _speculation.Plan(_directory, _tree, 0.1 * Usual).ShouldNotBeEmpty();

        _speculation.OnOpened();
        _speculation.OnOwnAnswer(new WorkerId("c"), Usual);
        _speculation.Plan(_directory, _tree, 0.1 * Usual).ShouldBeEmpty();
    }

    private void Announce(string name, params int[] shards) =>
        _directory.Announce(new WorkerId(name), CreateTestProbe().Ref, [.. shards]);

    private void Answer(int first, int count) => _tree.Offer(new Subtree(first, count), new NumericBuffer(NumberKind.Float64, 1));
}

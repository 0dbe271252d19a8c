using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Aggregation;

public sealed class SumTreeTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void The_halves_merge_only_where_the_total_is_asked_for()
    {
        SumTree tree = Tree(4);
        NumericBuffer left = Number(3), right = Number(4);
        tree.Offer(new Subtree(2, 2), right);
        tree.IsComplete.ShouldBeFalse();
        tree.Offer(new Subtree(0, 2), left);

        tree.IsComplete.ShouldBeTrue();
        tree.Halves.ShouldBe((left, right));
        _log.ShouldBeEmpty();
        tree.Total.ShouldBeSameAs(left);
        tree.Total.Doubles[0].ShouldBe(7);
        tree.Halves.ShouldBe((left, null));
        _log.ShouldBe(["3 + 4", "release 4"]);
    }

    [Fact]
    public void All_below_the_halves_merges_as_it_comes()
    {
        SumTree tree = Tree(4);
        foreach (int leaf in new[] { 3, 0, 2, 1 }) tree.Offer(new Subtree(leaf, 1), Number(leaf + 1));

        _log.ShouldBe(["3 + 4", "release 4", "1 + 2", "release 2"]);
        tree.Halves.Right!.Doubles[0].ShouldBe(7);
    }

    [Fact]
    public void What_comes_again_when_the_halves_are_there_is_a_duplicate()
    {
        SumTree tree = Tree(2);
        tree.Offer(new Subtree(0, 1), Number(1));
        tree.Offer(new Subtree(1, 1), Number(2));

        tree.Offer(new Subtree(0, 2), Number(9)).ShouldBe(SumOutcome.Duplicate);
        tree.Offer(new Subtree(1, 1), Number(8)).ShouldBe(SumOutcome.Duplicate);

        Enumerable.Range(0, 2).ShouldAllBe(leaf => !tree.IsMissing(leaf));
        _log.ShouldBe(["release 9", "release 8"]);
        tree.Reset();
        _log[2..].ShouldBe(["release 1", "release 2"]);
        tree.IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void One_micro_batch_has_no_halves()
    {
        SumTree tree = Tree(1);
        Should.Throw<InvalidOperationException>(() => tree.Halves);
        NumericBuffer only = Number(5);

        tree.Offer(new Subtree(0, 1), only);

        tree.Halves.ShouldBe((only, null));
        tree.Offer(new Subtree(0, 1), Number(6)).ShouldBe(SumOutcome.Duplicate);
    }

    private static NumericBuffer Number(double value)
    {
        NumericBuffer buffer = new(NumberKind.Float64, 1);
        buffer.Doubles[0] = value;
        return buffer;
    }

    private SumTree Tree(int leaves) => new(
        leaves,
        (left, right) =>
        {
            _log.Add($"{left.Doubles[0]} + {right.Doubles[0]}");
            left.Add(right);
        },
        buffer => _log.Add($"release {buffer.Doubles[0]}"));
}

using Cluster.Ml.Aggregation;
using Cluster.Worker.Training;

namespace Cluster.Worker.Tests.Training;

public sealed class WorkPlanTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(16, 8)]
    public void A_whole_tree_is_one_message_whatever_the_threads(int threads, int parts)
    {
        IReadOnlyList<PlannedSubtree> plan = WorkPlan.For(Wanted("11111111"), threads);

        plan.ShouldBe([new PlannedSubtree(new Subtree(0, 8), parts)]);
    }

    [Fact]
    public void Scattered_shards_are_covered_by_their_largest_aligned_subtrees()
    {
        IReadOnlyList<PlannedSubtree> plan = WorkPlan.For(Wanted("01111001"), threads: 1);

        plan.Select(p => p.Subtree).ShouldBe([new(1, 1), new(2, 2), new(4, 1), new(7, 1)]);
    }

    [Fact]
    public void No_part_is_larger_than_a_threads_share()
    {
        IReadOnlyList<PlannedSubtree> plan = WorkPlan.For(Wanted("11111100"), threads: 2);

        plan.ShouldBe([new PlannedSubtree(new Subtree(0, 4), 2), new PlannedSubtree(new Subtree(4, 2), 1)]);
    }

    [Fact]
    public void The_parts_of_a_subtree_are_aligned_and_cover_it()
    {
        PlannedSubtree planned = new(new Subtree(8, 8), 4);

        Enumerable.Range(0, 4).Select(planned.Part).ShouldBe([new(8, 2), new(10, 2), new(12, 2), new(14, 2)]);
        Enumerable.Range(0, 4).ShouldAllBe(i => planned.Part(i).IsAligned(16));
    }

    [Fact]
    public void Nothing_wanted_is_nothing_planned() => WorkPlan.For(Wanted("0000"), threads: 4).ShouldBeEmpty();

    internal static bool[] Wanted(string leaves) => [.. leaves.Select(c => c == '1')];
}

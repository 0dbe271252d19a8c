using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Folds;

namespace Cluster.Ml.Tests.Data.Folds;

public class FoldCutTests
{
    private const ulong Seed = 42;

    /// <summary>Rows of one feature and, of these groups, if there are any.</summary>
    private static RawRows Rows(int count, int[]? groups = null) => new("rows.csv", new RowFacts(["a"], [], null, count), new MemoryRows(new double[count], 1, [])) { Groups = groups };

    private static RawRows Of(params int[] groups) => Rows(groups.Length, groups);

    private static string TextOf(SplitTable split) => $"[{Joined(split.Training)}] [{Joined(split.Test)}]";

    private static string Joined(ReadOnlyMemory<int> rows) => string.Join(' ', rows.ToArray().Select(row => row.ToString(CultureInfo.InvariantCulture)));

    private static SplitTable[] All(RawRows raw, FoldPlan plan, ulong seed = Seed) => [.. Enumerable.Range(0, (int)plan.Count).Select(index => FoldCut.Of(raw, plan, index, seed))];

    /// <summary>The two examples of scikit-learn's pages of TimeSeriesSplit.</summary>
    [Theory]
    [InlineData(3, "[0 1 2] [3]", "[0 1 2 3] [4]", "[0 1 2 3 4] [5]")]
    [InlineData(5, "[0] [1]", "[0 1] [2]", "[0 1 2] [3]", "[0 1 2 3] [4]", "[0 1 2 3 4] [5]")]
    public void In_time_order_six_rows_are_cut_as_published(int folds, params string[] wanted) =>
        All(Rows(6), new FoldPlan(folds) { IsTimeOrdered = true }).Select(TextOf).ShouldBe(wanted);

    /// <summary>What is left over is trained on by the first fold, as by scikit-learn: 14 rows, 4 folds of ⌊14 / 5⌋.</summary>
    [Fact]
    public void In_time_order_the_first_fold_is_trained_on_what_is_left_over()
    {
        SplitTable[] folds = All(Rows(14), new FoldPlan(4) { IsTimeOrdered = true });

        folds.Select(fold => fold.Training.Length).ShouldBe([6, 8, 10, 12]);
        folds.Select(fold => Joined(fold.Test)).ShouldBe(["6 7", "8 9", "10 11", "12 13"]);
        folds.ShouldAllBe(fold => fold.Validation.Length == 0);
    }

    [Fact]
    public void In_time_order_each_fold_needs_a_row_and_one_before_it()
    {
        FoldPlan plan = new(5) { IsTimeOrdered = true };

        Should.Throw<BadInputException>(() => FoldCut.Of(Rows(5), plan, 0, Seed)).Wanted.ShouldBe("at least 6 rows for 5 folds in time order");
        Should.Throw<ArgumentOutOfRangeException>(() => FoldCut.Of(Rows(6), plan, 5, Seed));
    }

    /// <summary>The examples of scikit-learn's pages of GroupKFold: ten rows of three groups, four of two.</summary>
    [Fact]
    public void Groups_are_dealt_as_published()
    {
        All(Of(1, 1, 1, 2, 2, 2, 3, 3, 3, 3), new FoldPlan(3) { Group = "g" }).Select(TextOf)
            .ShouldBe(["[0 1 2 3 4 5] [6 7 8 9]", "[0 1 2 6 7 8 9] [3 4 5]", "[3 4 5 6 7 8 9] [0 1 2]"]);
        All(Of(0, 0, 2, 2), new FoldPlan(2) { Group = "g" }).Select(TextOf).ShouldBe(["[0 1] [2 3]", "[2 3] [0 1]"]);
    }

    /// <summary>What scikit-learn's GroupKFold computes of 78 rows: group g of 0 … 11 has g + 1 of them.</summary>
    [Fact]
    public void Groups_of_different_sizes_are_dealt_as_computed()
    {
        int[] groups = [.. Enumerable.Range(0, 12).SelectMany(least => Enumerable.Range(least, 12 - least))];

        SplitTable[] folds = All(Of(groups), new FoldPlan(4) { Group = "g" });

        folds.Select(fold => string.Join(' ', fold.Test.ToArray().Select(row => groups[row]).Distinct().Order())).ShouldBe(["3 4 11", "2 5 10", "1 6 9", "0 7 8"]);
        folds.Select(fold => fold.Test.Length).ShouldBe([21, 20, 19, 18]);
    }

    [Fact]
    public void No_group_is_in_two_folds_and_folds_are_of_nearly_equal_size_however_often_they_are_dealt()
    {
        int[] groups = [.. Enumerable.Range(0, 500).Select(row => row * row % 37)];
        FoldPlan plan = new(4) { Repeats = 3, Group = "g" };

        SplitTable[] folds = All(Of(groups), plan);

        foreach (SplitTable[] dealt in folds.Chunk(4))
        {
            dealt.SelectMany(fold => fold.Test.ToArray()).Order().ShouldBe(Enumerable.Range(0, 500));
            dealt.Max(fold => fold.Test.Length).ShouldBeLessThan(dealt.Min(fold => fold.Test.Length) + groups.CountBy(group => group).Max(group => group.Value) + 1);
        }
        foreach (SplitTable fold in folds)
        {
            fold.Training.ToArray().Select(row => groups[row]).Intersect(fold.Test.ToArray().Select(row => groups[row])).ShouldBeEmpty();
            (fold.Training.Length + fold.Test.Length).ShouldBe(500);
        }
        folds.Select(TextOf).Distinct().Count().ShouldBe(12);
        All(Of(groups), plan).Select(TextOf).ShouldBe(folds.Select(TextOf));
        All(Of(groups), plan, seed: 43).Take(4).Select(TextOf).ShouldBe(folds.Take(4).Select(TextOf));      // nothing is drawn the first time
        All(Of(groups), plan, seed: 43).Skip(4).Select(TextOf).ShouldNotBe(folds.Skip(4).Select(TextOf));
    }

    [Fact]
    public void Fewer_groups_than_folds_are_refused()
    {
        BadInputException error = Should.Throw<BadInputException>(() => FoldCut.Of(Of(0, 1, 1, 5), new FoldPlan(4) { Group = "site" }, 0, Seed));

        (error.Wanted, error.Got, error.Advice).ShouldBe(("at least 4 groups in column 'site' for 4 folds", "3", "ask for fewer folds"));
    }

    [Fact]
    public void Repeated_folds_hold_each_row_out_once_a_time_and_the_first_time_as_unrepeated_ones()
    {
        SplitTable[] once = All(Rows(100), new FoldPlan(5)), folds = All(Rows(100), new FoldPlan(5) { Repeats = 3 });

        folds.Take(5).Select(TextOf).ShouldBe(once.Select(TextOf));
        foreach (SplitTable[] dealt in folds.Chunk(5)) dealt.SelectMany(fold => fold.Test.ToArray()).Order().ShouldBe(Enumerable.Range(0, 100));
        folds.Select(TextOf).Distinct().Count().ShouldBe(15);
    }
}

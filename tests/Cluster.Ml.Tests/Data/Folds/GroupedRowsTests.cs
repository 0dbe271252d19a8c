using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Data.Folds;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data.Folds;

/// <summary>The group's column is read with the rows, decides their folds, and is no feature.</summary>
public sealed class GroupedRowsTests : IDisposable
{
    private const string Table = "site,a,colour,target\nx,1,red,no\ny,2,blue,yes\nx,3,red,yes\nz,4,blue,no\ny,5,red,no\nx,6,blue,yes\nz,7,red,yes\n";

    private static readonly FoldPlan s_bySite = new(3) { Group = "site" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _folder.Dispose();
    }

    private JobSpec Job(string table, params string[] settings) => DataJobs.Of(_folder.Write("rows.csv", table), "softmax", settings);

    private static PreparedData[] Folds(JobSpec job, FoldPlan plan, RowStorage? storage = null) =>
        [.. Enumerable.Range(0, (int)plan.Count).Select(index => PreparedData.LoadFold(job, NumberKind.Float64, index, plan, storage))];

    private static int[][] TestsOf(PreparedData[] folds) => [.. folds.Select(fold => fold.Test.Order.ToArray())];

    [Theory]
    [InlineData("{ colour: one-hot }", "[]")]
    [InlineData("{ colour: one-hot }", "[site]")]
    [InlineData("auto", "[]")]
    public void The_column_is_no_feature_and_decides_the_folds(string encode, string ignore)
    {
        JobSpec job = Job(Table, $"data.encode={encode}", $"data.ignore={ignore}");

        PreparedData[] folds = Folds(job, s_bySite);

        TestsOf(folds).ShouldBe([[0, 2, 5], [3, 6], [1, 4]]);
        folds[0].Preprocessing.FeatureNames.ShouldBe(["a", "colour=blue", "colour=red"]);
        folds[0].Test.Table.DoublesOf(2).ToArray().ShouldBe([3, 0, 1]);
        folds.Select(fold => fold.SourceSha256).Distinct().ShouldHaveSingleItem().Length.ShouldBe(64);
    }

    [Fact]
    public void A_source_with_other_groups_is_another()
    {
        string same = Folds(Job(Table, "data.ignore=[colour]"), s_bySite)[0].SourceSha256;

        Folds(Job(Table.Replace("\nz,4", "\ny,4", StringComparison.Ordinal), "data.ignore=[colour]"), s_bySite)[0].SourceSha256.ShouldNotBe(same);
    }

    [Fact]
    public void Rows_of_a_cache_are_dealt_alike()
    {
        JobSpec job = Job(Table, "data.ignore=[colour]");
        RowStorage mapped = new() { Folder = Path.Combine(_folder.Path, "cache"), MemoryBytesMax = 0 };

        PreparedData[] read = Folds(job, s_bySite), cached = Folds(job, s_bySite, mapped);

        TestsOf(cached).ShouldBe(TestsOf(read));
        cached.Select(fold => fold.Sha256).ShouldBe(read.Select(fold => fold.Sha256));
        PreparedData.LoadFold(Job(Table, "data.ignore=[site]"), NumberKind.Float64, 0, new FoldPlan(2) { Group = "colour" }, mapped).Preprocessing.FeatureNames.ShouldBe(["a"]);
    }

    [Fact]
    public void Rows_that_are_left_out_leave_the_groups_of_others_as_they_are()
    {
        JobSpec lacking = Job(Table.Replace("\ny,2,", "\ny,,", StringComparison.Ordinal), "data.ignore=[colour]", "data.missing=drop");
        TestsOf(Folds(lacking, s_bySite)).ShouldBe([[0, 1, 4], [2, 5], [3]]);

        JobSpec chosen = Job("site,a,target\nx,1,no\ny,2,yes\nx,3,maybe\nz,4,no\nz,5,yes\ny,6,no\n", "data.classes=[no, yes]");
        TestsOf(Folds(chosen, s_bySite)).ShouldBe([[2, 3], [1, 4], [0]]);
    }

    [Fact]
    public void Spellings_of_one_number_are_one_group()
    {
        JobSpec job = Job("site,a,target\n1,1,no\n1.0,2,yes\n2,3,no\n+1,4,yes\n007,5,no\n7,6,yes\n");

        TestsOf(Folds(job, new FoldPlan(4) { Group = "site" })).ShouldBe([[0, 1, 3], [5], [4], [2]]);
    }

    [Theory]
    [InlineData("data.missing=refuse", "NA", "'NA', which stands for a missing value")]
    [InlineData("data.missing=mean", "", "an empty field")]
    public void A_missing_group_is_refused_with_its_place(string setting, string field, string got)
    {
        JobSpec job = Job(Table.Replace("\nz,4", $"\n{field},4", StringComparison.Ordinal), "data.ignore=[colour]", setting);

        BadInputException error = Should.Throw<BadInputException>(() => Folds(job, s_bySite));

        (error.Line, error.Column, error.Wanted, error.Got).ShouldBe((5, 1, "a group in column 'site'", got));
    }

    [Fact]
    public void A_column_that_is_not_there_is_refused_with_the_one_that_was_meant()
    {
        BadInputException error = Should.Throw<BadInputException>(() => Folds(Job(Table), new FoldPlan(3) { Group = "sites" }));

        (error.Wanted, error.Advice).ShouldBe(("the group column 'sites'", "did you mean 'site'"));
    }
}

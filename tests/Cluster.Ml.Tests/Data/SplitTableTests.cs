using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public class SplitTableTests
{
    private static readonly string[] s_parts = ["data.split={ train: 0.7, validation: 0.15, test: 0.15 }"];

    private static PreparedData Load(string name, string kind, params string[] settings) =>
        PreparedData.Load(DataJobs.Of(RepositoryFiles.Example(name), kind, settings), NumberKind.Float64);

    [Theory]
    [InlineData("iris.csv", "softmax")]
    [InlineData("digits.csv", "mlp")]
    [InlineData("diabetes.csv", "linear-regression")]
    [InlineData("iris.csv", "kmeans")]
    public void Every_row_is_in_exactly_one_split(string name, string kind)
    {
        PreparedData data = Load(name, kind, s_parts);

        int[] all = [.. data.Training.Order.ToArray(), .. data.Validation.Order.ToArray(), .. data.Test.Order.ToArray()];

        all.Order().ShouldBe(Enumerable.Range(0, data.Training.Table.Rows));
        data.Test.Count.ShouldBe((int)Math.Round(0.15 * all.Length, MidpointRounding.AwayFromZero));
        data.Validation.Count.ShouldBe(data.Test.Count);
        data.Shape.TrainingExamples.ShouldBe(data.Training.Count);
    }

    [Fact]
    public void Stratified_splits_keep_the_classes_proportions()
    {
        PreparedData data = Load("digits.csv", "softmax", s_parts);
        RowTargets targets = data.Training.Table.Targets;

        foreach (RowRange split in new[] { data.Training, data.Validation, data.Test })
            for (int c = 0; c < 10; c++)
            {
                double share = split.Order.ToArray().Count(r => targets[r] == c), wanted = targets.Count(t => t == c) * (double)split.Count / targets.Length;
                Math.Abs(share - wanted).ShouldBeLessThan(1.6);
            }
    }

    [Fact]
    public void The_seed_alone_decides_the_split()
    {
        int[] first = Load("iris.csv", "softmax", s_parts).Test.Order.ToArray();

        Load("iris.csv", "softmax", s_parts).Test.Order.ToArray().ShouldBe(first);
        Load("iris.csv", "softmax", [.. s_parts, "seed=43"]).Test.Order.ToArray().ShouldNotBe(first);
    }

    [Fact]
    public void Shards_share_out_the_training_rows_by_id()
    {
        PreparedData data = Load("iris.csv", "softmax", s_parts);
        int[] training = data.Training.Order.ToArray();

        TrainingShard[] shards = [.. Enumerable.Range(0, 8).Select(s => data.Shard(s, 8))];

        shards.Sum(s => s.Count).ShouldBe(training.Length);
        foreach (TrainingShard shard in shards)
            for (int i = 0; i < shard.Count; i++)
            {
                (shard.Ids[i] % 8).ShouldBe(shard.Index);
                shard.Rows[i].ShouldBe(training[shard.Ids[i]]);
            }
    }

    [Fact]
    public void More_shards_than_rows_leave_some_empty()
    {
        using TemporaryFolder folder = new();
        PreparedData data = PreparedData.Load(DataJobs.Of(folder.Write("rows.csv", "a,target\n1,x\n2,y\n3,x\n"), "softmax"), NumberKind.Float32);

        Enumerable.Range(0, 8).Select(s => data.Shard(s, 8).Count).ShouldBe([1, 1, 1, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Folds_hold_each_row_out_once_and_are_balanced()
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example("digits.csv"), "softmax");
        PreparedData[] folds = [.. Enumerable.Range(0, 5).Select(f => PreparedData.LoadFold(spec, NumberKind.Float32, f, 5))];
        folds.Select(fold => fold.SourceSha256).Distinct().ShouldHaveSingleItem().Length.ShouldBe(64);
        RowTargets targets = folds[0].Training.Table.Targets;

        folds.SelectMany(f => f.Test.Order.ToArray()).Order().ShouldBe(Enumerable.Range(0, 1797));
        foreach (PreparedData fold in folds)
        {
            fold.Training.Order.ToArray().Intersect(fold.Test.Order.ToArray()).ShouldBeEmpty();
            (fold.Training.Count + fold.Test.Count).ShouldBe(1797);
            fold.Test.Count.ShouldBeInRange(359, 360);
            for (int c = 0; c < 10; c++)
                fold.Test.Order.ToArray().Count(r => targets[r] == c).ShouldBeInRange(targets.Count(t => t == c) / 5, (targets.Count(t => t == c) / 5) + 1);
        }
    }

    [Fact]
    public void A_split_that_leaves_no_training_row_is_refused()
    {
        using TemporaryFolder folder = new();
        JobSpec spec = DataJobs.Of(folder.Write("rows.csv", "a,target\n1,x\n2,y\n"), "softmax", "data.split={ train: 0.2, test: 0.8 }");

        Should.Throw<BadInputException>(() => PreparedData.Load(spec, NumberKind.Float32)).Wanted.ShouldContain("at least one training row");
    }
}

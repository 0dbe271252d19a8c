using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;
using Cluster.Ml.Trees;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Tests.Trees;

public sealed class TreeLearnerTests
{
    [SkippableFact]
    public void Splits_are_those_of_scikit_learn_where_every_value_has_a_bin()
    {
        int compared = 0;
        foreach (JsonElement golden in TreeGolden.Trees.EnumerateArray())
        {
            string name = golden.GetProperty("data").GetString()!, settings = golden.GetProperty("settings").GetString()!;
            if (TreeGolden.SourceOf(name) is not { } source) continue;
            (TreeLearner learner, NumericBuffer state, _) = Train(source, TreeGolden.Settings(settings));

            List<(int Feature, double Threshold, int Rows)> ours = LevelByLevel(learner.Grower.NodesOf(state.Doubles, 0));
            JsonElement[] wanted = [.. golden.GetProperty("nodes").EnumerateArray()];
            ours.Count.ShouldBe(wanted.Length, $"{name} {settings}");
            for (int i = 0; i < wanted.Length; i++)
            {
                ours[i].Feature.ShouldBe(wanted[i][0].GetInt32(), $"{name} {settings}, node {i}");
                ours[i].Threshold.ShouldBe(wanted[i][1].GetDouble(), 1e-6 * Math.Max(1, ours[i].Threshold), $"{name} {settings}, node {i}");     // theirs are halfway between floats
                ours[i].Rows.ShouldBe(wanted[i][2].GetInt32());
            }
            compared++;
        }
        compared.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public void The_tree_of_irises_asks_first_for_petals_of_at_most_2_45_then_for_widths_of_at_most_1_75()
    {
        (TreeLearner learner, NumericBuffer state, _) = Train(RepositoryFiles.Example("iris.csv"), ["data.target=target", "model.depth=2"]);

        LevelByLevel(learner.Grower.NodesOf(state.Doubles, 0)).ShouldBe([(2, 2.45, 150), (-1, 0, 50), (3, 1.75, 100), (-1, 0, 54), (-1, 0, 46)]);
        learner.Summarize(state).Rows.Select(row => string.Join(" | ", row)).ShouldBe([
            "all rows | 150 | 0", "  petal_length_cm <= 2.45 | 50 | 0", "  petal_length_cm > 2.45 | 100 | 1",
            "    petal_width_cm <= 1.75 | 54 | 1", "    petal_width_cm > 1.75 | 46 | 2"]);
    }

    [SkippableTheory]
    [InlineData("wine", "")]
    [InlineData("breast_cancer", "")]
    [InlineData("breast_cancer", "model.depth=4")]
    [InlineData("digits", "model.depth=14")]
    [InlineData("digits", "model.criterion=entropy model.depth=14")]
    [InlineData("diabetes", "model.task=regression model.depth=3")]
    public void Held_out_rows_are_predicted_as_well_as_by_scikit_learn_within_a_point(string name, string settings)
    {
        Skip.If(TreeGolden.SourceOf(name) is null, "Its data is not shipped.");
        TreeGolden.HeldOutScore(TreeGolden.SourceOf(name)!, "tree", settings).ShouldBeGreaterThan(TreeGolden.ScoreOf(name, "tree", settings) - 0.01);
    }

    [Theory]
    [InlineData("digits.csv", "model.depth=8")]
    [InlineData("diabetes.csv", "model.task=regression")]
    [InlineData("breast_cancer.csv", "model.bins=16")]
    public void Any_number_of_workers_gives_the_same_bytes(string file, string settings)
    {
        string[] all = TreeGolden.Settings(settings);
        string one = TrainedModel.HashOf(Train(RepositoryFiles.Example(file), all, 1).State.Bytes);

        foreach (int workers in new[] { 2, 3, 5, 8 })
            TrainedModel.HashOf(Train(RepositoryFiles.Example(file), all, workers).State.Bytes).ShouldBe(one, $"{workers} workers");
    }

    // Sums are exact, so that not even the number of shards matters; the statistics of a step may differ in their last bit, the tree not.
    [Fact]
    public void The_number_of_micro_batches_changes_no_split()
    {
        string file = RepositoryFiles.Example("diabetes.csv");
        string eight = TrainedModel.HashOf(Train(file, TreeGolden.Settings("model.task=regression")).State.Bytes);

        foreach (int count in new[] { 1, 2, 32 })
            TrainedModel.HashOf(Train(file, TreeGolden.Settings($"model.task=regression training.micro-batches={count}")).State.Bytes).ShouldBe(eight, $"{count} micro-batches");
    }

    [Fact]
    public void An_epoch_is_a_level_however_many_steps_it_takes()
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("digits.csv"), "tree", TreeGolden.Settings("model.depth=9"));
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        TreeLearner learner = TreeLearner.Create(job, data.Shape);

        TrainedModel model = SequentialTrainer.Train(job, data, learner);

        (job.Training.Epochs, model.Epochs).ShouldBe((9, 9));
        TreeReport.Sizes(learner.Grower.NodesOf(model.State.Doubles, 0)).Depth.ShouldBe(9);
        JobSpec shorter = DataJobs.Of(RepositoryFiles.Example("digits.csv"), "tree", TreeGolden.Settings("model.depth=9 training.epochs=4"));
        TreeReport.Sizes(learner.Grower.NodesOf(SequentialTrainer.Train(shorter, data, learner).State.Doubles, 0)).Depth.ShouldBe(4);
    }

    [Fact]
    public void Histograms_that_are_taken_as_differences_give_the_tree_that_gathered_ones_give()
    {
        (TreeLearner learner, NumericBuffer state, JobSpec job) = Train(RepositoryFiles.Example("digits.csv"), TreeGolden.Settings("model.depth=9"));
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        NumericBuffer without = TrainWithoutRoom(learner, job, data);

        TrainedModel.HashOf(without.Bytes).ShouldBe(TrainedModel.HashOf(state.Bytes));
    }

    [Theory]
    [InlineData("one row", "a,y\n1,p\n", "2 classes")]
    [InlineData("one class", "a,y\n1,p\n2,p\n", "2 classes")]
    public void What_has_nothing_to_be_told_apart_is_refused(string what, string text, string words)
    {
        using TemporaryFolder folder = new();
        Should.Throw<BadInputException>(() => Train(folder.Write("rows.csv", text), ["data.target=y"]), what).Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("one row", "a,y\n1,5\n", 1, 0.0)]
    [InlineData("constant column", "a,b,y\n7,1,10\n7,2,20\n", 3, 0.0)]
    [InlineData("all columns constant", "a,y\n7,10\n7,20\n", 1, 5.0)]
    [InlineData("one target", "a,y\n1,5\n2,5\n3,5\n", 1, 0.0)]
    [InlineData("duplicate rows", "a,y\n1,4\n1,6\n2,9\n", 3, 0.816496580927726)]
    [InlineData("more columns than rows", "a,b,c,d,y\n1,1,1,1,1\n1,2,1,1,2\n", 3, 0.0)]
    [InlineData("huge targets", "a,y\n1,1e150\n2,-1e150\n", 3, 0.0)]
    [InlineData("tiny targets", "a,y\n1,1e-150\n2,3e-150\n", 3, 0.0)]
    [InlineData("far targets", "a,y\n1,1e15\n2,1000000000000001\n", 3, 0.0)]
    [InlineData("huge columns", "a,y\n1e308,1\n-1e308,2\n", 3, 0.0)]
    [InlineData("neighbouring values", "a,y\n1,1\n1.0000000000000002,2\n", 3, 0.0)]
    [InlineData("zero of two signs", "a,y\n0,1\n-0,2\n", 1, 0.5)]
    public void Degenerate_numbers_give_the_right_tree(string what, string text, int nodes, double rmse)
    {
        using TemporaryFolder folder = new();
        (TreeLearner learner, NumericBuffer state, JobSpec job) = Train(folder.Write("rows.csv", text), ["data.target=y", "model.task=regression"]);

        TreeReport.Sizes(learner.Grower.NodesOf(state.Doubles, 0)).Nodes.ShouldBe(nodes, what);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        double rounding = 1e-15 * data.Training.Table.Targets.Max(Math.Abs);
        EvaluationPlan.Measure(learner, learner.CreateContributor(), state, data.Training, 8)["rmse"]!.Value.ShouldBe(rmse, rounding, what);
    }

    [Theory]
    [InlineData("duplicate rows of two classes", "a,y\n1,p\n1,q\n1,q\n2,p\n", 3, 0.75)]
    [InlineData("exclusive or", "a,b,y\n0,0,p\n0,1,q\n1,0,q\n1,1,p\n", 7, 1.0)]
    [InlineData("more columns than rows", "a,b,c,y\n1,1,1,p\n1,1,2,q\n", 3, 1.0)]
    [InlineData("all columns constant", "a,y\n1,p\n1,q\n1,q\n", 1, 0.6666666666666666)]
    public void Degenerate_classes_give_the_right_tree(string what, string text, int nodes, double accuracy)
    {
        using TemporaryFolder folder = new();
        (TreeLearner learner, NumericBuffer state, JobSpec job) = Train(folder.Write("rows.csv", text), ["data.target=y"]);

        TreeReport.Sizes(learner.Grower.NodesOf(state.Doubles, 0)).Nodes.ShouldBe(nodes, what);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        EvaluationPlan.Measure(learner, learner.CreateContributor(), state, data.Training, 8)["accuracy"]!.Value.ShouldBe(accuracy, 1e-15, what);
    }

    [Fact]
    public void Scores_are_the_shares_of_the_leaf_and_predictions_its_most_frequent_class()
    {
        using TemporaryFolder folder = new();
        (TreeLearner learner, NumericBuffer state, JobSpec job) = Train(folder.Write("rows.csv", "a,y\n1,p\n1,q\n1,q\n2,p\n"), ["data.target=y"]);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        (var predictions, var scores) = (new double[4], new double[8]);

        learner.CreateContributor().Predict(state, data.Training, predictions, scores);

        predictions.ShouldBe([1, 1, 1, 0]);
        scores.ShouldBe([1 / 3.0, 2 / 3.0, 1 / 3.0, 2 / 3.0, 1 / 3.0, 2 / 3.0, 1, 0]);
    }

    [Theory]
    [InlineData("model.criterion=variance", "gini or entropy with task: classification")]
    [InlineData("model={ kind: tree, task: regression, criterion: gini }", "variance with task: regression")]
    [InlineData("training.regularize={ l2: 0.1 }", "model.pruning is what a tree has in its place")]
    [InlineData("model.bins=257", "a whole number from 2 to 256")]
    public void What_does_not_fit_is_said(string setting, string words) =>
        Should.Throw<BadInputException>(() => DataJobs.Of(RepositoryFiles.Example("iris.csv"), "tree", "data.target=target", setting)).Message.ShouldContain(words);

    [Fact]
    public void Learned_numbers_are_in_units_of_the_source()
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "tree", "data.target=target", "data.scale=standard", "model.depth=2");
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        TreeLearner learner = TreeLearner.Create(job, data.Shape);
        IReadOnlyList<LearnedNumbers> learned = learner.Learned(TreeTraining.Train(learner, job, data).State, data.Preprocessing);

        learned.Take(3).Select(numbers => (numbers.Name, numbers.Values[0])).ShouldBe([("nodes", 5), ("leaves", 3), ("depth", 2)]);
        learned[3].Values[2].ShouldBe(2.45, 1e-12);
        learned[3].Shape.ShouldBe([5, 5]);
    }

    /// <summary>As training does, but what is kept of histograms is forgotten, and with it which node has a slot.</summary>
    private static NumericBuffer TrainWithoutRoom(TreeLearner learner, JobSpec job, PreparedData data)
    {
        (NumericBuffer state, NumericBuffer room) = (new(learner.Numbers, learner.StateLength), new(learner.Numbers, 0));
        learner.Initialize(state, room);
        MicroBatch[] batches = [.. Enumerable.Range(0, 8).Select(s => BatchPlan.For(job, data.Shape.TrainingExamples, true).CreateSampler(data.Shard(s, 8)).MicroBatch(0, 0))];
        NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
        IContributor contributor = learner.CreateContributor();
        for (int step = 0; ; step++)
        {
            contributor.Contribute(state, batches, sum, new StepContext(step, step, 1));
            if (learner.Update(state, room, sum, new StepContext(step, step, 1)).Converged) return state;
        }
    }

    private static (TreeLearner Learner, NumericBuffer State, JobSpec Job) Train(string source, string[] settings, int workers = 1)
    {
        JobSpec job = DataJobs.Of(source, "tree", settings);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        TreeLearner learner = TreeLearner.Create(job, data.Shape);
        TreeTraining.Result result = TreeTraining.Train(learner, job, data, workers);
        result.Converged.ShouldBeTrue();
        return (learner, result.State, job);
    }

    private static List<(int Feature, double Threshold, int Rows)> LevelByLevel(NodeTable nodes)
    {
        List<(int, double, int)> found = [];
        for (int[] level = [0]; level.Length > 0;)
        {
            List<int> next = [];
            foreach (int at in level)
            {
                NodeTable.Node node = nodes[at];
                found.Add((node.IsSplit ? (int)node.Feature : -1, node.IsSplit ? node.Threshold : 0, (int)node.Rows));
                if (node.IsSplit) next.AddRange([(int)node.Left, (int)node.Left + 1]);
            }
            level = [.. next];
        }
        return found;
    }
}

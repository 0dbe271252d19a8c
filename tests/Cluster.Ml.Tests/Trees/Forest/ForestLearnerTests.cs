using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;
using Cluster.Ml.Trees;
using Cluster.Ml.Trees.Forest;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Tests.Trees.Forest;

public sealed class ForestLearnerTests
{
    private static readonly Lazy<JsonElement> s_golden = new(() => JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("forests.json"))).RootElement);

    [SkippableTheory]
    [InlineData("iris", "")]
    [InlineData("wine", "")]
    [InlineData("breast_cancer", "")]
    [InlineData("digits", "")]
    [InlineData("diabetes", "model.task=regression")]
    public void Held_out_rows_are_predicted_as_well_as_by_scikit_learn_within_a_point(string name, string settings)
    {
        Skip.If(TreeGolden.SourceOf(name) is null, "Its data is not shipped.");
        TreeGolden.HeldOutScore(TreeGolden.SourceOf(name)!, "forest", settings).ShouldBeGreaterThan(Golden(name).GetProperty("held_out").GetDouble() - 0.01);
    }

    [SkippableTheory]
    [InlineData("iris", "")]
    [InlineData("wine", "")]
    [InlineData("breast_cancer", "")]
    [InlineData("diabetes", "model.task=regression")]
    public void Out_of_bag_score_and_importances_are_near_those_of_scikit_learn(string name, string settings)
    {
        Skip.If(TreeGolden.SourceOf(name) is null, "Its data is not shipped.");
        (ForestLearner learner, NumericBuffer state, PreparedData data) = Train(TreeGolden.SourceOf(name)!, TreeGolden.Settings($"{settings} model.trees=300"));
        IReadOnlyList<LearnedNumbers> learned = learner.Learned(state, data.Preprocessing);

        Scalar(learned, "out_of_bag_score").ShouldBe(Golden(name).GetProperty("out_of_bag").GetDouble(), 0.02);
        double[] wanted = [.. Golden(name).GetProperty("importances").EnumerateArray().Select(number => number.GetDouble())];
        IReadOnlyList<double> importances = learned.Single(numbers => numbers.Name == "importances").Values;
        importances.Sum().ShouldBe(1, 1e-12);
        for (int column = 0; column < wanted.Length; column++) importances[column].ShouldBe(wanted[column], 0.05, $"column {column}");
    }

    [Theory]
    [InlineData("digits.csv", "model.trees=8 model.depth=6")]
    [InlineData("diabetes.csv", "model.task=regression model.trees=12")]
    [InlineData("breast_cancer.csv", "model.trees=70 model.bins=16")]
    public void Any_number_of_workers_or_micro_batches_gives_the_same_bytes(string file, string settings)
    {
        string one = HashOf(file, settings, 1);

        foreach (int workers in new[] { 2, 3, 5, 8 }) HashOf(file, settings, workers).ShouldBe(one, $"{workers} workers");
        foreach (int batches in new[] { 1, 32 }) HashOf(file, $"{settings} training.micro-batches={batches}", 1).ShouldBe(one, $"{batches} micro-batches");
    }

    [Theory]
    [InlineData("iris.csv", "model.trees=9")]
    [InlineData("diabetes.csv", "model.task=regression model.trees=9 model.leaf-rows=3")]
    public void No_tree_depends_on_those_that_grow_beside_it(string file, string settings)
    {
        string source = RepositoryFiles.Example(file);
        (ForestLearner alone, NumericBuffer one, PreparedData data) = Train(source, TreeGolden.Settings(settings), together: 1);
        (ForestLearner some, NumericBuffer four, _) = Train(source, TreeGolden.Settings(settings), together: 4);

        for (int tree = 0; tree < 9; tree++)
            Described(some, four, tree).ShouldBe(Described(alone, one, tree), $"tree {tree}");
        Scalar(some.Learned(four, data.Preprocessing), "out_of_bag_score").ShouldBe(Scalar(alone.Learned(one, data.Preprocessing), "out_of_bag_score"));
    }

    // What scikit-learn's forests of 100 trees say of one column of wine spreads by up to 0.013: the tolerance is two and a half times the spread of the difference.
    [SkippableTheory]
    [InlineData("iris", "", 0.02)]
    [InlineData("wine", "", 0.025)]
    [InlineData("breast_cancer", "", 0.01)]
    [InlineData("diabetes", "model.task=regression", 150)]
    public void What_columns_are_worth_by_permutation_is_near_what_they_are_worth_to_scikit_learns_trees(string name, string settings, double tolerance)
    {
        Skip.If(TreeGolden.SourceOf(name) is null, "Its data is not shipped.");
        (ForestLearner learner, NumericBuffer state, PreparedData data) = Train(TreeGolden.SourceOf(name)!, TreeGolden.Settings($"{settings} model.trees=300 model.permutation=true"));

        double[] wanted = [.. Golden(name).GetProperty("permuted").EnumerateArray().Select(number => number.GetDouble())];
        IReadOnlyList<double> permuted = learner.Learned(state, data.Preprocessing).Single(numbers => numbers.Name == "permutation_importances").Values;
        for (int column = 0; column < wanted.Length; column++) permuted[column].ShouldBe(wanted[column], tolerance, $"column {column}");
        learner.Summarize(state).Columns[^1].ShouldBe("permuted");
    }

    [Theory]
    [InlineData("iris.csv", "model.trees=5")]
    [InlineData("diabetes.csv", "model.task=regression model.trees=5")]
    public void What_columns_are_worth_is_the_loss_with_the_values_of_other_rows_less_the_usual_one(string file, string settings)
    {
        (ForestLearner learner, NumericBuffer state, PreparedData data) = Train(RepositoryFiles.Example(file), TreeGolden.Settings($"{settings} model.permutation=true training.micro-batches=1"));
        int rows = data.Training.Count, features = data.Shape.Features, pairs = 0;
        var wanted = new double[features];
        for (int tree = 0; tree < 5; tree++)
        {
            byte[] weights = WeightsOf(tree, rows);
            for (int row = 0; row < rows; row++)
            {
                if (weights[row] > 0) continue;
                pairs++;
                ulong random = RandomStream.At(JobDefaults.Seed, RandomPurpose.PermutedColumns, tree, row).NextUInt64();
                double[] other = data.Training.Table.DoublesOf((int)Math.BigMul(random, (ulong)rows, out _)).ToArray();
                double usual = LossOf(learner, state, tree, data.Training.Table.DoublesOf(row).ToArray(), data.Training.Table.Targets[row]);
                for (int column = 0; column < features; column++)
                {
                    double[] x = data.Training.Table.DoublesOf(row).ToArray();
                    x[column] = other[column];
                    wanted[column] += LossOf(learner, state, tree, x, data.Training.Table.Targets[row]) - usual;
                }
            }
        }

        IReadOnlyList<double> permuted = learner.Learned(state, data.Preprocessing).Single(numbers => numbers.Name == "permutation_importances").Values;
        for (int column = 0; column < features; column++) permuted[column].ShouldBe(wanted[column] / pairs, 1e-6 * Math.Max(1, Math.Abs(permuted[column])));
    }

    [Theory]
    [InlineData("breast_cancer.csv", "model.trees=12 model.permutation=true", "model.columns=sqrt")]
    [InlineData("diabetes.csv", "model.task=regression model.trees=12 model.permutation=true", "model.columns=third")]
    public void Columns_are_drawn_as_their_word_says_and_what_they_are_worth_does_not_depend_on_workers(string file, string settings, string word)
    {
        string usual = HashOf(file, settings, 1);

        HashOf(file, $"{settings} {word}", 3).ShouldBe(usual);
        HashOf(file, $"{settings} model.columns=all", 2).ShouldNotBe(usual);
    }

    // Of 30 columns 5 are gathered where 5 are drawn, and all where 15 are: what is drawn, and so the tree, must be of the columns that the node's order names.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    public void A_node_is_split_by_the_best_of_the_first_columns_of_its_order(int columns)
    {
        (ForestLearner learner, NumericBuffer state, PreparedData data) = Train(
            RepositoryFiles.Example("breast_cancer.csv"), TreeGolden.Settings($"model.trees=4 model.columns={columns} model.depth=1"));
        BinTable bins = learner.Grower.BinsOf(state.Doubles);
        var order = new int[30];
        for (int tree = 0; tree < 4; tree++)
        {
            (int slice, int root) = learner.PlaceOf(tree);
            NodeTable nodes = learner.Grower.NodesOf(state.Doubles, slice);
            for (int i = 0; i < 30; i++) order[i] = i;
            new ColumnDraw(JobDefaults.Seed, learner.Layout.Sizes.Roots, columns).Fill(nodes, slice, root, order, columns);
            order[..columns].ShouldContain((int)nodes[root].Feature);
            order.Distinct().Count().ShouldBe(30);
        }
        bins.Features.ShouldBe(30);
        learner.Layout.Sizes.HeldColumns.ShouldBe(columns < 15 ? columns : 30);
        data.Shape.Features.ShouldBe(30);
    }

    // A tree that looks at all columns, each value of which has a bin (s2 has more), is the tree of a table in which each row stands as often as it is drawn.
    [Theory]
    [InlineData("iris.csv", "")]
    [InlineData("iris.csv", "model.criterion=entropy model.leaf-rows=4")]
    [InlineData("diabetes.csv", "model.task=regression model.depth=6 data.ignore=[s2]")]
    public void A_tree_is_that_of_the_rows_that_it_draws(string file, string settings)
    {
        using TemporaryFolder folder = new();
        string source = RepositoryFiles.Example(file);
        string[] lines = [.. File.ReadAllLines(source).Where(line => line.Length > 0)];
        int columns = lines[0].Split(',').Length - 1;
        (ForestLearner forest, NumericBuffer state, _) = Train(source, TreeGolden.Settings($"{settings} model.trees=3 model.columns={columns}"));

        for (int tree = 0; tree < 3; tree++)
        {
            byte[] weights = WeightsOf(tree, lines.Length - 1);
            string drawn = folder.Write($"drawn-{tree}.csv", string.Join('\n', lines.Take(1).Concat(lines.Skip(1).SelectMany((line, row) => Enumerable.Repeat(line, weights[row])))) + "\n");
            JobSpec job = DataJobs.Of(drawn, "tree", TreeGolden.Settings(settings));
            PreparedData data = PreparedData.Load(job, NumberKind.Float64);
            TreeLearner single = TreeLearner.Create(job, data.Shape);
            NumericBuffer grown = TreeTraining.Train(single, job, data).State;

            Described(forest, state, tree).ShouldBe(Described(single.Grower.NodesOf(grown.Doubles, 0), 0), $"tree {tree}");
        }
    }

    [Theory]
    [InlineData("iris.csv", "model.trees=5")]
    [InlineData("diabetes.csv", "model.task=regression model.trees=5")]
    public void The_out_of_bag_score_is_of_each_row_by_the_trees_that_have_not_drawn_it(string file, string settings)
    {
        (ForestLearner learner, NumericBuffer state, PreparedData data) = Train(RepositoryFiles.Example(file), TreeGolden.Settings(settings));
        byte[][] weights = [.. Enumerable.Range(0, 5).Select(tree => WeightsOf(tree, data.Training.Count))];
        List<(double Target, double Said)> judged = [];
        for (int row = 0; row < data.Training.Count; row++)
        {
            NodeValues[] leaves = [.. Enumerable.Range(0, 5).Where(tree => weights[tree][row] == 0).Select(tree => LeafOf(learner, state, tree, data.Training.Table.DoublesOf(row)))];
            if (leaves.Length == 0) continue;
            double[] means = [.. Enumerable.Range(0, leaves[0].Sums.Length).Select(i => leaves.Sum(leaf => leaf.Sums[i] / leaf.Rows))];
            FixedPoint units = learner.UnitsOf(state.Doubles);
            judged.Add((data.Training.Table.Targets[row], learner.Classes > 0 ? Array.IndexOf(means, means.Max()) : leaves.Average(leaf => units.MeanOf(leaf.Sums[VarianceRule.Sum], leaf.Rows))));
        }

        double mean = judged.Average(pair => pair.Target);
        double wanted = learner.Classes > 0 ? judged.Average(pair => pair.Target == pair.Said ? 1.0 : 0)
            : 1 - (judged.Sum(pair => (pair.Target - pair.Said) * (pair.Target - pair.Said)) / judged.Sum(pair => (pair.Target - mean) * (pair.Target - mean)));
        judged.Count.ShouldBeInRange(data.Training.Count / 2, data.Training.Count - 1);
        Scalar(learner.Learned(state, data.Preprocessing), "out_of_bag_score").ShouldBe(wanted, 1e-9);
    }

    [Fact]
    public void Scores_are_the_mean_shares_of_the_leaves_and_predictions_their_largest()
    {
        (ForestLearner learner, NumericBuffer state, PreparedData data) = Train(RepositoryFiles.Example("iris.csv"), TreeGolden.Settings("model.trees=7 model.depth=2"));
        (var predictions, var scores) = (new double[150], new double[450]);

        learner.CreateContributor().Predict(state, data.Training, predictions, scores);

        for (int row = 0; row < 150; row += 10)
        {
            NodeValues[] leaves = [.. Enumerable.Range(0, 7).Select(tree => LeafOf(learner, state, tree, data.Training.Table.DoublesOf(row)))];
            double[] wanted = [.. Enumerable.Range(0, 3).Select(c => leaves.Average(leaf => leaf.Sums[c] / leaf.Rows))];
            for (int c = 0; c < 3; c++) scores[(row * 3) + c].ShouldBe(wanted[c], 1e-15);
            predictions[row].ShouldBe(Array.IndexOf(wanted, wanted.Max()));
        }
    }

    [Theory]
    [InlineData("model.criterion=variance", "gini or entropy with task: classification")]
    [InlineData("training.regularize={ l2: 0.1 }", "model.depth and model.leaf-rows hold trees back")]
    [InlineData("model.columns=0", "a whole number from 1")]
    [InlineData("model.trees=0", "a whole number from 1 to 10000")]
    public void What_does_not_fit_is_said(string setting, string words) =>
        Should.Throw<BadInputException>(() => DataJobs.Of(RepositoryFiles.Example("iris.csv"), "forest", "data.target=target", setting)).Message.ShouldContain(words);

    [Fact]
    public void Trees_without_room_are_refused_with_what_would_need_less() =>
        Should.Throw<BadInputException>(() => Train(RepositoryFiles.Example("digits.csv"), TreeGolden.Settings("model.trees=10000"))).Message.ShouldContain("lower model.depth, or grow fewer trees");

    private static (ForestLearner Learner, NumericBuffer State, PreparedData Data) Train(string source, string[] settings, int workers = 1, int together = int.MaxValue)
    {
        JobSpec job = DataJobs.Of(source, "forest", settings);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        ForestLearner learner = ForestLearner.Create(job, data.Shape, together);
        TreeTraining.Result result = TreeTraining.Train(learner, job, data, workers);
        result.Converged.ShouldBeTrue();
        return (learner, result.State, data);
    }

    private static string HashOf(string file, string settings, int workers) =>
        TrainedModel.HashOf(Train(RepositoryFiles.Example(file), TreeGolden.Settings(settings), workers).State.Bytes);

    private static JsonElement Golden(string name) => s_golden.Value.GetProperty("forests").EnumerateArray().Single(forest => forest.GetProperty("data").GetString() == name);

    private static double Scalar(IReadOnlyList<LearnedNumbers> learned, string name) => learned.Single(numbers => numbers.Name == name).Values[0];

    private static byte[] WeightsOf(int tree, int rows)
    {
        var weights = new byte[rows];
        new Bootstrap(JobDefaults.Seed).Fill(tree, Enumerable.Range(0, rows).ToArray(), weights);
        return weights;
    }

    private static double LossOf(ForestLearner learner, NumericBuffer state, int tree, double[] x, double target)
    {
        NodeValues leaf = LeafOf(learner, state, tree, x);
        if (learner.Classes > 0) return Array.IndexOf(leaf.Sums, leaf.Sums.Max()) == target ? 0 : 1;
        double error = target - learner.UnitsOf(state.Doubles).MeanOf(leaf.Sums[VarianceRule.Sum], leaf.Rows);
        return error * error;
    }

    private static NodeValues LeafOf(ForestLearner learner, NumericBuffer state, int tree, ReadOnlySpan<double> x)
    {
        (int slice, int root) = learner.PlaceOf(tree);
        NodeTable nodes = learner.Grower.NodesOf(state.Doubles, slice);
        NodeTable.Node leaf = nodes[nodes.Find(root, x)];
        return new NodeValues(leaf.Rows, leaf.Sums.ToArray());
    }

    private static string Described(ForestLearner learner, NumericBuffer state, int tree)
    {
        (int slice, int root) = learner.PlaceOf(tree);
        return Described(learner.Grower.NodesOf(state.Doubles, slice), root);
    }

    /// <summary>Column, threshold and rows of each node, left child before right.</summary>
    private static string Described(NodeTable nodes, int root)
    {
        List<string> lines = [];
        Stack<int> next = new([root]);
        while (next.TryPop(out int at))
        {
            NodeTable.Node node = nodes[at];
            lines.Add(FormattableString.Invariant($"{(node.IsSplit ? node.Feature : -1)} {(node.IsSplit ? node.Threshold : 0)} {node.Rows}"));
            if (!node.IsSplit) continue;
            next.Push((int)node.Left + 1);
            next.Push((int)node.Left);
        }
        return string.Join('\n', lines);
    }

    private sealed record NodeValues(double Rows, double[] Sums);
}

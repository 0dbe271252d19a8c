using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

public class NetworkLearnerTests
{
    private static readonly AdamOptions AdamFast = new() { Rate = 0.05 };

    [Theory]
    [InlineData("mlp", 3)]
    [InlineData("mlp", 0)]
    [InlineData("softmax", 3)]
    [InlineData("logistic", 2)]
    public void Training_lowers_the_loss(string kind, int classes)
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(kind, optimizer: AdamFast), SomeNetwork.Shape(4, classes), 0);
        RowTable table = Learnable(64, classes);
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(table), 16, 16, 16, 16);
        double first = 0, last = 0;
        for (int step = 0; step < 200; step++)
        {
            NumericBuffer sum = SomeNetwork.Contribution(learner, state, batches, new StepContext(step, 0, 200));
            last = learner.Update(state, optimizerState, sum, new StepContext(step, 0, 200)).Loss;
            if (step == 0) first = last;
        }
        last.ShouldBeLessThan(first / 4);
    }

    [Fact]
    public void Evaluation_counts_what_predictions_say()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner, 0.3);
        RowRange rows = new(SomeNetwork.Rows(700, 4, 3), new int[] { 5, 0, 699, 3 }.Concat(Enumerable.Range(10, 600)).ToArray());
        double[] sums = new double[learner.EvaluationLength], predictions = new double[rows.Count], scores = new double[rows.Count * 3];
        IContributor contributor = learner.CreateContributor();
        contributor.Evaluate(state, rows, sums);
        contributor.Predict(state, rows, predictions, scores);

        Metrics metrics = learner.Measure(sums);
        double[] targets = [.. rows.Order.ToArray().Select(row => rows.Table.Targets[row])];
        metrics["accuracy"].ShouldBe(targets.Zip(predictions).Count(p => p.First == p.Second) / (double)rows.Count);
        double logLoss = Enumerable.Range(0, rows.Count).Average(i => -Math.Log(scores[(i * 3) + (int)targets[i]]));
        metrics["log-loss"].ShouldNotBeNull().ShouldBe(logLoss, 1e-6);
        long[,] confusion = metrics.Confusion.ShouldNotBeNull();
        for (int actual = 0; actual < 3; actual++)
            for (int predicted = 0; predicted < 3; predicted++)
                confusion[actual, predicted].ShouldBe(targets.Zip(predictions).Count(p => p.First == actual && p.Second == predicted));
    }

    [Fact]
    public void Evaluation_in_parts_adds_up_to_the_bits_of_the_whole()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner, 0.3);
        RowTable table = SomeNetwork.Rows(600, 4, 3);
        int[] order = [.. Enumerable.Range(0, 600)];
        double[] whole = new double[learner.EvaluationLength], parts = new double[learner.EvaluationLength];
        IContributor contributor = learner.CreateContributor();
        contributor.Evaluate(state, new RowRange(table, order), whole);
        contributor.Evaluate(state, new RowRange(table, order.AsMemory(0, 37)), parts);
        contributor.Evaluate(state, new RowRange(table, order.AsMemory(37)), parts);
        parts.ShouldBe(whole);
    }

    [Fact]
    public void Regression_measures_r2_and_rmse()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("mlp", []), SomeNetwork.Shape(2, 0), 0);
        NumericBuffer state = new(NumberKind.Float32, 3), features = new(NumberKind.Float32, 8);
        state.Floats[2] = 2;                                                     // always predicts 2
        double[] sums = new double[learner.EvaluationLength];
        learner.CreateContributor().Evaluate(state, new RowRange(new RowTable(features, 2, [1, 2, 3, 6]), new[] { 0, 1, 2, 3 }), sums);
        sums.ShouldBe([4, 18, 8, 30]);                                           // of distances to the first target
        Metrics metrics = learner.Measure(sums);
        metrics["rmse"].ShouldBe(Math.Sqrt(18 / 4.0));
        metrics["r2"].ShouldBe(1 - (18 / 14.0));
    }

    [Fact]
    public void No_rows_give_no_figures()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        learner.Measure(new double[learner.EvaluationLength]).Values.ShouldBeEmpty();
    }

    [Fact]
    public void Weights_start_by_seed_and_layer_with_the_variance_of_their_initialiser()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job(layers: [new DenseOptions(300, "relu"), new DenseOptions(200, "tanh")]), SomeNetwork.Shape(100, 10), 0);
        NetworkLearner other = NetworkLearner.Create(
            SomeNetwork.Job(layers: [new DenseOptions(300, "relu"), new DenseOptions(200, "tanh")], seed: 43), SomeNetwork.Shape(100, 10), 0);
        float[] w = SomeNetwork.Start(learner).Floats.ToArray();

        SomeNetwork.Start(learner).Floats.ToArray().ShouldBe(w);
        SomeNetwork.Start(other).Floats.ToArray().ShouldNotBe(w);
        float[] he = w[..30000], biases = w[30000..30300], glorot = w[30300..90300];
        he.Average(x => x * x).ShouldBe(2f / 100, 0.0008f);
        biases.ShouldAllBe(x => x == 0);
        glorot.Average(x => x * x).ShouldBe(6f / 500 / 3, 0.0001f);
        glorot.Max().ShouldBeLessThan(MathF.Sqrt(6f / 500));
        he[..100].ShouldNotBe(glorot[..100]);
    }

    [Fact]
    public void Convex_models_start_at_zero()
    {
        SomeNetwork.Start(NetworkLearner.Create(SomeNetwork.Job("softmax"), SomeNetwork.Shape(5, 4), 0)).Floats.ToArray().ShouldAllBe(w => w == 0);
        SomeNetwork.Start(NetworkLearner.Create(SomeNetwork.Job("logistic"), SomeNetwork.Shape(5, 2), 0)).Length.ShouldBe(6);
    }

    [Fact]
    public void Penalties_act_on_weights_and_leave_biases_alone()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job("softmax", optimizer: new SgdOptions { Rate = 1 }, l2: 0.125), SomeNetwork.Shape(2, 2), 0);
        NumericBuffer state = new(NumberKind.Float32, 6), sum = new(NumberKind.Float32, 9);
        state.Floats.Fill(1);
        sum.Floats[6 + StepStatistics.Examples] = 4;
        learner.Update(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength), sum, SomeNetwork.FirstStep);
        state.Floats.ToArray().ShouldBe([0.75f, 0.75f, 0.75f, 0.75f, 1, 1]);
    }

    [Fact]
    public void A_gradient_is_divided_by_the_examples_that_came()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job("softmax", optimizer: new SgdOptions { Rate = 1 }), SomeNetwork.Shape(1, 2), 0);
        NumericBuffer state = new(NumberKind.Float32, 4), sum = new(NumberKind.Float32, 7);
        new float[] { 8, -4, 2, 0, 12, 4, 3 }.CopyTo(sum.Floats);
        UpdateOutcome outcome = learner.Update(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength), sum, SomeNetwork.FirstStep);
        state.Floats.ToArray().ShouldBe([-2, 1, -0.5f, 0]);
        outcome.ShouldBe(new UpdateOutcome(false, 3, 4));
    }

    [Fact]
    public void An_update_that_leaves_the_finite_numbers_names_the_layer()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(4, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner), sum = new(NumberKind.Float32, learner.ContributionLength);
        sum.Floats[learner.StateLength + StepStatistics.Examples] = 1;
        sum.Floats[learner.StateLength - 1] = float.PositiveInfinity;
        DivergedException diverged = Should.Throw<DivergedException>(
            () => learner.Update(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength), sum, new StepContext(8, 0, 10)));
        diverged.Step.ShouldBe(8);
        diverged.Layer.ShouldBe("layer 3 (dense 3)");
    }

    [Fact]
    public void The_summary_lists_layers_shapes_and_parameters()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job(layers: [new DenseOptions(256, "relu"), new DropoutOptions(0.1), new DenseOptions(128, "tanh")]), SomeNetwork.Shape(784, 10), 0);
        ModelSummary summary = learner.Summarize(SomeNetwork.Start(learner));
        summary.Title.ShouldContain("235,146");
        summary.Columns.ShouldBe(["layer", "output", "parameters"]);
        summary.Rows.Select(row => string.Join('|', row)).ShouldBe(
            ["input|784|0", "dense 256 relu|256|200,960", "dropout 0.1|256|0", "dense 128 tanh|128|32,896", "dense 10|10|1,290", "total||235,146"]);
    }

    [Fact]
    public void Jobs_that_do_not_fit_the_data_are_refused()
    {
        Refused(() => NetworkLearner.Create(SomeNetwork.Job("logistic"), SomeNetwork.Shape(3, 3), 0), "2 classes, got 3");
        Refused(() => NetworkLearner.Create(SomeNetwork.Job("softmax"), SomeNetwork.Shape(3, 0), 0), "at least 2 classes, got 0");
        Refused(() => NetworkLearner.Create(SomeNetwork.Job("mlp"), SomeNetwork.Shape(3, 1), 0), "only c0");
        Refused(() => NetworkLearner.Create(SomeNetwork.Job("kmeans"), SomeNetwork.Shape(3, 2), 0), "kmeans");
        Should.Throw<BadInputException>(() => NetworkLearner.Create(SomeNetwork.Job("mlp", [new DenseOptions(3, "gelu")]), SomeNetwork.Shape(3, 2), 0))
            .Message.ShouldContain("gelu");
        Refused(() => NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(3, 2), double.NaN), "noise multiplier");

        static void Refused(Action create, string text) => Should.Throw<ArgumentException>(create).Message.ShouldContain(text);
    }

    private static RowTable Learnable(int rows, int classes)
    {
        RowTable noise = SomeNetwork.Rows(rows, 4, classes);
        double[] targets = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> x = noise.FloatsOf(i);
            targets[i] = classes switch { 0 => x[0] - (2 * x[3]), 2 => x[1] + x[2] > 0 ? 1 : 0, _ => x[0] > 0.4 ? 2 : x[1] > 0 ? 1 : 0 };
        }
        return new RowTable(noise.Features, 4, targets);
    }
}

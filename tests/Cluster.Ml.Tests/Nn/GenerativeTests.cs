using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Generative;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Nn;

public class GenerativeTests
{
    private const int Features = ReferenceGenerative.Features;

    public static readonly TheoryData<string> Kinds = new() { "autoencoder", "vae", "gan", "adversarial-autoencoder" };

    [Theory]
    [InlineData("autoencoder", 4)]
    [InlineData("vae", 4)]
    [InlineData("gan", 4)]
    [InlineData("gan", 5)]
    [InlineData("adversarial-autoencoder", 3)]
    [InlineData("adversarial-autoencoder", 4)]
    [InlineData("adversarial-autoencoder", 5)]
    public void Each_objective_follows_its_own_gradient_and_leaves_the_rest_alone(string kind, long step)
    {
        const int rows = 9;
        NetworkLearner learner = Learner(kind);
        NumericBuffer state = SomeNetwork.Start(learner, 0.2), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        RowTable table = Images(rows);
        ReferenceGenerative reference = new(kind, 0.3, learner.Model.RandomPerRow);

        NumericBuffer contribution = SomeNetwork.Contribution(
            learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 4, 5), new StepContext(step, 0, 10));
        double SumOfLosses(double[] w) => Enumerable.Range(0, rows).Sum(row => reference.Loss(w, table.FloatsOf(row).ToArray(), 100 + row, step));
        double[] expected = new ReferenceNetwork(0, 0, []).Gradient(state.Floats, SumOfLosses);

        Objective objective = learner.Model.Objectives[(int)(step % learner.Model.Objectives.Count)];
        float[] before = state.Floats.ToArray();
        learner.Update(state, optimizerState, contribution, new StepContext(step, 0, 10));
        double size = Math.Max(1, Math.Sqrt(expected.Sum(x => x * x)));
        foreach (ParameterBlock block in learner.Model.Layout.Blocks)
            for (int i = block.Offset; i < block.Offset + block.Count; i++)
                if (objective.Trained.Contains(block))
                    ((double)contribution.Floats[i]).ShouldBe(expected[i], 2e-6 * size, $"{block.Name} {i}");
                else
                    (contribution.Floats[i], state.Floats[i]).ShouldBe((0, before[i]), $"{block.Name} {i}");
        ((double)contribution.Floats[learner.StateLength + StepStatistics.LossSum]).ShouldBe(SumOfLosses(Array.ConvertAll(before, x => (double)x)), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_subtree_gives_the_bits_of_its_single_micro_batches_combined(string kind)
    {
        NetworkLearner learner = Learner(kind);
        NumericBuffer state = SomeNetwork.Start(learner, 0.1);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(Images(40)), 16, 7);
        for (int step = 0; step < 3; step++)
        {
            StepContext context = new(step, 0, 3);
            NumericBuffer left = SomeNetwork.Contribution(learner, state, batches.AsSpan(0, 1), context);
            ((ILearner)learner).Combine(left, SomeNetwork.Contribution(learner, state, batches.AsSpan(1, 1), context));
            SomeNetwork.Bits(SomeNetwork.Contribution(learner, state, batches, context).Floats).ShouldBe(SomeNetwork.Bits(left.Floats));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_contributor_that_has_grown_allocates_nothing(string kind)
    {
        NetworkLearner learner = Learner(kind);
        NumericBuffer state = SomeNetwork.Start(learner), contribution = new(NumberKind.Float32, learner.ContributionLength);
        NumericBuffer optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(Images(40)), 16, 7);
        IContributor contributor = learner.CreateContributor();
        long step = 0;
        Allocations.Least(() =>
        {
            contributor.Contribute(state, batches, contribution, new StepContext(step, 0, 100));
            learner.Update(state, optimizerState, contribution, new StepContext(step++, 0, 100));
        }, inARow: 10).ShouldBe(0);
    }

    [Fact]
    public void The_bound_on_the_likelihood_is_measured_with_one_draw_and_repeats()
    {
        NetworkLearner learner = Learner("vae");
        NumericBuffer state = SomeNetwork.Start(learner, 0.1);
        RowRange rows = new(Images(300), Enumerable.Range(0, 300).ToArray());
        double[] sums = new double[learner.EvaluationLength], again = new double[learner.EvaluationLength];
        learner.CreateContributor().Evaluate(state, rows, sums);
        IContributor other = learner.CreateContributor();
        other.Evaluate(state, rows with { Order = rows.Order[..37] }, again);
        other.Evaluate(state, rows with { Order = rows.Order[37..] }, again);

        again.ShouldBe(sums);
        Metrics metrics = learner.Measure(sums);
        metrics["elbo"].ShouldNotBeNull().ShouldBe(-(metrics["reconstruction"]!.Value + metrics["kl"]!.Value), 1e-12);
        metrics["kl"]!.Value.ShouldBeGreaterThan(0);
        Figure.LossOf(LearnerRegistry.Of("vae").FiguresOf(ModelOptions.None), metrics).ShouldBe(-metrics["elbo"]!.Value);
    }

    [Fact]
    public void Noise_disturbs_what_is_learned_from_and_not_what_is_measured()
    {
        NetworkLearner quiet = Learner("autoencoder", noise: 0), noisy = Learner("autoencoder", noise: 0.5);
        NumericBuffer state = SomeNetwork.Start(quiet, 0.1);
        RowRange rows = new(Images(50), Enumerable.Range(0, 50).ToArray());
        double[] a = new double[quiet.EvaluationLength], b = new double[quiet.EvaluationLength];
        quiet.CreateContributor().Evaluate(state, rows, a);
        noisy.CreateContributor().Evaluate(state, rows, b);
        b.ShouldBe(a);

        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(rows.Table), 50);
        SomeNetwork.Contribution(noisy, state, batches).Floats.ToArray().ShouldNotBe(SomeNetwork.Contribution(quiet, state, batches).Floats.ToArray());
    }

    [Theory]
    [InlineData("autoencoder", "loss", 1)]
    [InlineData("vae", "elbo", -1)]
    [InlineData("adversarial-autoencoder", "loss", 1)]
    public void Training_brings_rows_back_better(string kind, string figure, int sign)
    {
        NetworkLearner learner = Learner(kind, new AdamOptions { Rate = 0.01 });
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        RowRange rows = new(Images(64), Enumerable.Range(0, 64).ToArray());
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(rows.Table), 32, 32);
        double before = sign * Figure();
        for (int step = 0; step < 600; step++)
        {
            StepContext context = new(step, 0, 600);
            learner.Update(state, optimizerState, SomeNetwork.Contribution(learner, state, batches, context), context);
        }
        (sign * Figure()).ShouldBeLessThan(before * 0.95);

        double Figure()
        {
            double[] sums = new double[learner.EvaluationLength];
            learner.CreateContributor().Evaluate(state, rows, sums);
            return learner.Measure(sums)[figure]!.Value;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_rows_give_no_figures_and_predictions_are_one_number_a_row(string kind)
    {
        NetworkLearner learner = Learner(kind);
        learner.Measure(new double[learner.EvaluationLength]).Values.ShouldBeEmpty();
        double[] predictions = new double[10];
        learner.CreateContributor().Predict(SomeNetwork.Start(learner), new RowRange(Images(10), Enumerable.Range(0, 10).ToArray()), predictions, []);
        predictions.ShouldAllBe(value => double.IsFinite(value) && value >= 0);
    }

    private static RowTable Images(int rows)
    {
        NumericBuffer numbers = new(NumberKind.Float32, rows * Features);
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < Features; i++) numbers.Floats[(row * Features) + i] = MathF.Abs(MathF.Sin((row % 5) + (i * 0.9f)));
        return new RowTable(numbers, Features, []);
    }

    private static NetworkLearner Learner(string kind, OptimizerSpec? optimizer = null, double noise = 0.3)
    {
        LayerSpec[] none = [];
        GenerativeOptions generative = new()
        {
            Latent = ReferenceGenerative.Latent,
            Likelihood = kind == "autoencoder" ? "gaussian" : "bernoulli",
            Noise = kind == "autoencoder" ? noise : 0,
            Encoder = kind == "gan" ? none : [new DenseOptions(5, "tanh")],
            Decoder = [new DenseOptions(6, "relu")],
            Discriminator = kind is "gan" or "adversarial-autoencoder" ? [new DenseOptions(4, "leaky-relu")] : none,
        };
        JobSpec job = SomeNetwork.Job(kind, [], optimizer);
        return NetworkLearner.Create(job with { Model = job.Model with { Options = generative } }, SomeNetwork.Shape(Features, 0), 0);
    }
}

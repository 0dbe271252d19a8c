using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What steps must not depend on, and what comes of gradients that are zero, huge or no numbers.</summary>
public class OptimizerLawTests
{
    private const int Steps = 20;

    private static readonly float[] s_start = [1.5f, -2, 0.75f, -0.25f, 4], s_gradient = [0.5f, -3, 0.001f, 20, -1];

    public static TheoryData<string> All => ["sgd", "momentum", "nesterov", "adam", "rmsprop", "rmsprop-momentum", "adadelta"];

    public static TheoryData<string> Adaptive => ["adam", "rmsprop", "rmsprop-momentum", "adadelta"];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_parameter_goes_its_way_as_if_it_were_alone(string kind)
    {
        float[][] all = Walk(kind, s_start, s_gradient);
        for (int i = 0; i < s_start.Length; i++)
            Walk(kind, [s_start[i]], [s_gradient[i]]).Select(w => w[0]).ShouldBe(all.Select(w => w[i]), $"parameter {i}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_mirrored_function_is_walked_down_in_the_mirror(string kind)
    {
        float[][] path = Walk(kind, s_start, s_gradient), mirrored = Walk(kind, [.. s_start.Select(w => -w)], [.. s_gradient.Select(g => -g)]);
        for (int step = 0; step < Steps; step++) mirrored[step].ShouldBe([.. path[step].Select(w => -w)]);
    }

    /// <summary>Powers of two, and an ε that is nothing beside the gradients: what is left is rounding where ε is added.</summary>
    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Steps_that_are_divided_by_the_gradients_size_do_not_depend_on_it(string kind)
    {
        float[] zero = new float[5];      // so that steps of any size show
        float[][] path = Walk(kind, zero, s_gradient, 1e-20);
        foreach (float scale in new[] { 1024, 1 / 8f })
        {
            float[][] scaled = Walk(kind, zero, [.. s_gradient.Select(g => scale * g)], 1e-20);
            for (int step = 0; step < Steps; step++)
                for (int i = 0; i < zero.Length; i++) ((double)scaled[step][i] / path[step][i]).ShouldBe(1, 1e-5, $"step {step}, parameter {i}");
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    public void Steps_along_the_gradient_grow_with_it(string kind)
    {
        float[] zero = new float[5];
        float[][] path = Walk(kind, zero, s_gradient), scaled = Walk(kind, zero, [.. s_gradient.Select(g => 4 * g)]);
        for (int step = 0; step < Steps; step++) scaled[step].ShouldBe([.. path[step].Select(w => 4 * w)]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_gradient_of_zero_changes_nothing_until_there_was_another(string kind)
    {
        (Optimizer optimizer, float[] w, float[] first, float[] second) = Begun(kind, s_start);
        for (int step = 0; step < Steps; step++) Step(optimizer, w, new float[5], first, second, step);
        SomeNetwork.Bits(w).ShouldBe(SomeNetwork.Bits(s_start));
        first.ShouldAllBe(number => number == 0);
        second.ShouldAllBe(number => number == 0);
    }

    [Fact]
    public void After_another_gradient_zeros_let_momentum_and_means_fade()
    {
        foreach (string kind in new[] { "sgd", "momentum", "nesterov", "adam", "rmsprop", "rmsprop-momentum", "adadelta" })
        {
            (Optimizer optimizer, float[] w, float[] first, float[] second) = Begun(kind, s_start);
            Step(optimizer, w, s_gradient, first, second, 0);
            float[] after = [.. w], means = [.. first], others = [.. second];
            Step(optimizer, w, new float[5], first, second, 1);

            bool walksOn = kind is "momentum" or "nesterov" or "adam" or "rmsprop-momentum";
            for (int i = 0; i < w.Length; i++)
            {
                if (walksOn) Math.Sign(w[i] - after[i]).ShouldBe(-Math.Sign(s_gradient[i]), kind);
                else w[i].ShouldBe(after[i], kind);
                if (optimizer.OptimizerStatePerParameter > 0) Math.Abs(first[i]).ShouldBeLessThan(Math.Abs(means[i]), kind);
                if (optimizer.OptimizerStatePerParameter > 1) Math.Abs(second[i]).ShouldBeLessThan(Math.Abs(others[i]), kind);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_no_number_stays_so_in_its_parameter_and_touches_no_other(string kind)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] gradient = [.. s_gradient];
            gradient[2] = bad;
            float[] w = Walk(kind, s_start, gradient)[0], sound = Walk(kind, s_start, s_gradient)[0];
            float.IsFinite(w[2]).ShouldBeFalse($"{bad}");
            sound[2] = w[2];
            w.ShouldBe(sound, $"{bad}");
        }
    }

    /// <summary>1e30 is a number, but not its square: a mean of squares that is endless would hold the parameter where it is for ever.</summary>
    [Theory]
    [InlineData("sgd", float.NaN)]
    [InlineData("adam", float.PositiveInfinity)]
    [InlineData("adam", 1e30f)]
    [InlineData("rmsprop", float.NegativeInfinity)]
    [InlineData("rmsprop", 1e30f)]
    [InlineData("rmsprop-momentum", 1e30f)]
    [InlineData("adadelta", float.NaN)]
    [InlineData("adadelta", -1e30f)]
    public void A_gradient_that_is_no_number_or_beyond_the_optimizer_state_is_reported_with_step_and_layer(string kind, float bad) =>
        ShouldDiverge(bad, training => training, Spec(kind)).Layer.ShouldBe("layer 2 (dense 5)");

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_gradient_that_is_no_number_is_not_clipped_to_one(float bad)
    {
        ShouldDiverge(bad, training => training with { ClipValue = 0.5 }, Spec("sgd")).Layer.ShouldBe("layer 2 (dense 5)");
        ShouldDiverge(bad, training => training with { ClipNorm = 0.5 }, Spec("sgd")).Layer.ShouldBe("gradient");
    }

    [Fact]
    public void A_gradient_whose_norm_is_beyond_all_numbers_is_not_clipped_to_nothing() =>
        ShouldDiverge(1e30f, training => training with { ClipNorm = 0.5 }, Spec("sgd")).Layer.ShouldBe("gradient");

    private static DivergedException ShouldDiverge(float bad, Func<TrainingSpec, TrainingSpec> change, OptimizerSpec optimizer)
    {
        JobSpec job = SomeNetwork.Job(optimizer: optimizer);
        NetworkLearner learner = NetworkLearner.Create(job with { Training = change(job.Training) }, SomeNetwork.Shape(4, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength), sum = new(NumberKind.Float32, learner.ContributionLength);
        sum.Floats[learner.StateLength + StepStatistics.Examples] = 1;
        sum.Floats[learner.Model.Layout.Blocks[1].GradientOffset + 3] = bad;
        DivergedException diverged = Should.Throw<DivergedException>(() => learner.Update(state, optimizerState, sum, new StepContext(8, 0, 10)));
        diverged.Step.ShouldBe(8);
        return diverged;
    }

    /// <summary>Where the parameters are after each of some steps along a gradient that changes its size, but never its sign.</summary>
    private static float[][] Walk(string kind, float[] start, float[] gradient, double epsilon = 1e-8)
    {
        (Optimizer optimizer, float[] w, float[] first, float[] second) = Begun(kind, start, epsilon);
        return [.. Enumerable.Range(0, Steps).Select(step =>
        {
            Step(optimizer, w, [.. gradient.Select(g => g * (1 + (step % 3)))], first, second, step);
            return (float[])[.. w];
        })];
    }

    private static (Optimizer Optimizer, float[] W, float[] First, float[] Second) Begun(string kind, float[] start, double epsilon = 1e-8)
    {
        Optimizer optimizer = Spec(kind, epsilon).Create();
        float[] OptimizerState(int vector) => optimizer.OptimizerStatePerParameter > vector ? new float[start.Length] : [];
        return (optimizer, [.. start], OptimizerState(0), OptimizerState(1));
    }

    private static void Step(Optimizer optimizer, float[] w, float[] gradient, float[] first, float[] second, int step) =>
        optimizer.Update(w, w, gradient, first, second, new UpdateRule(step, 1, 0, 0));

    private static OptimizerSpec Spec(string kind, double epsilon = 1e-8) => kind switch
    {
        "momentum" => SomeOptimizer.Of("sgd", 1 / 64.0, 0.5, 0),
        "nesterov" => new SgdOptions { Rate = 1 / 64.0, Momentum = 0.5, Nesterov = true },
        "rmsprop" => SomeOptimizer.Of("rmsprop", 1 / 64.0, 0, 0.99, epsilon),
        "rmsprop-momentum" => SomeOptimizer.Of("rmsprop", 1 / 64.0, 0.5, 0.99, epsilon),
        _ => SomeOptimizer.Of(kind, 1 / 64.0, 0, 0.99, epsilon),
    };
}

using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Tests.Nn.Optimizers;

public class OptimizerTests
{
    [Fact]
    public void Hundred_steps_on_three_functions_follow_pytorch()
    {
        GoldenTrajectory[] trajectories = GoldenNn.Read().Trajectories;
        trajectories.Length.ShouldBe(30);
        foreach (GoldenTrajectory golden in trajectories)
        {
            (Optimizer optimizer, float l2) = Of(golden.Optimizer);
            float[] w = [.. golden.Start], g = new float[w.Length], first = new float[w.Length], second = new float[w.Length];
            golden.Path.Length.ShouldBe(100);
            for (int step = 0; step < golden.Path.Length; step++)
            {
                Gradient(golden.Function, w, g);
                optimizer.Update(w, w, g, optimizer.OptimizerStatePerParameter > 0 ? first : [], optimizer.OptimizerStatePerParameter > 1 ? second : [], new UpdateRule(step, 1, 0, l2));
                ShouldBeAt(w, golden.Path[step], $"{golden.Optimizer} on {golden.Function}, step {step}");
            }
        }
    }

    [Fact]
    public void Steps_with_penalties_follow_pytorch()
    {
        GoldenRegularizer[] penalised = GoldenNn.Read().Penalised;
        penalised.Length.ShouldBe(30);
        foreach (GoldenRegularizer golden in penalised)
        {
            (Optimizer optimizer, float decay) = Of(golden.Optimizer);
            float[] w = [.. golden.Start], first = new float[w.Length], second = new float[w.Length];
            for (int step = 0; step < golden.Path.Length; step++)
            {
                UpdateRule rule = new(step, 0.5f, golden.L1, golden.L2 + decay);
                float[] sum = [.. golden.Gradient.Select(g => 2 * g)];       // of two examples
                optimizer.Update(w, w, sum, optimizer.OptimizerStatePerParameter > 0 ? first : [], optimizer.OptimizerStatePerParameter > 1 ? second : [], rule);
                ShouldBeAt(w, golden.Path[step], $"{golden.Optimizer}, l1 {golden.L1}, l2 {golden.L2}, step {step}");
            }
        }
    }

    [Fact]
    public void Schedules_multiply_the_rate_as_pytorch_does()
    {
        JobSpec job = SomeNetwork.Job();
        Dictionary<string, ScheduleSpec> schedules = new()
        {
            ["step"] = new StepSchedule { Every = 2 },
            ["exponential"] = new ExponentialSchedule { Factor = 0.9 },
            ["cosine"] = new CosineSchedule { Minimum = 0.05 },
        };
        foreach ((string name, double[] factors) in GoldenNn.Read().Schedules)
            for (int step = 0; step < factors.Length; step++)
                RateSchedule.FactorAt(job.Training with { Epochs = 6, Schedule = schedules[name] }, new StepContext(step, step / 4, 4))
                    .ShouldBe(factors[step], 1e-9, $"{name}, step {step}");
    }

    [Fact]
    public void A_warm_up_grows_to_the_whole_rate()
    {
        TrainingSpec training = SomeNetwork.Job().Training with { Schedule = new WarmUpSchedule { WarmUp = 4 } };
        Enumerable.Range(0, 6).Select(step => RateSchedule.FactorAt(training, new StepContext(step, 0, 10))).ShouldBe([0.25, 0.5, 0.75, 1, 1, 1]);
        RateSchedule.FactorAt(SomeNetwork.Job().Training, new StepContext(0, 0, 10)).ShouldBe(1);
    }

    [Fact]
    public void A_rate_of_half_by_schedule_is_half_the_rate()
    {
        foreach (string kind in new[] { "sgd", "adam", "rmsprop", "adadelta" })
        {
            float[] half = Step(SomeOptimizer.Of(kind, 0.125, 0.5, 0.99), 1), scheduled = Step(SomeOptimizer.Of(kind, 0.25, 0.5, 0.99), 0.5);
            scheduled.ShouldBe(half, kind);
        }

        static float[] Step(OptimizerSpec spec, double factor)
        {
            Optimizer optimizer = spec.Create();
            float[] w = [1, -2, 3], first = new float[3], second = new float[3];
            optimizer.Update(w, w, [0.5f, 0.25f, -3], first, optimizer.OptimizerStatePerParameter > 1 ? second : [], new UpdateRule(0, 1, 0, 0, factor));
            return w;
        }
    }

    [Fact]
    public void Clipped_gradients_are_those_of_pytorch()
    {
        foreach (GoldenClip golden in GoldenNn.Read().Clipped)
        {
            JobSpec job = SomeNetwork.Job("softmax", [], new SgdOptions { Rate = 1 });
            TrainingSpec training = golden.Kind == "norm" ? job.Training with { ClipNorm = golden.Bound } : job.Training with { ClipValue = golden.Bound };
            NetworkLearner learner = NetworkLearner.Create(job with { Training = training }, SomeNetwork.Shape(1, 2), 0);
            NumericBuffer state = new(NumberKind.Float32, 4), sum = new(NumberKind.Float32, 7);
            for (int i = 0; i < 4; i++) sum.Floats[i] = 4 * golden.Gradient[i];
            sum.Floats[4 + StepStatistics.Examples] = 4;
            learner.Update(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength), sum, SomeNetwork.FirstStep);
            for (int i = 0; i < 4; i++) ((double)state.Floats[i]).ShouldBe(golden.At[i], 1e-6, $"{golden.Kind} {golden.Bound}");
        }
    }

    [Fact]
    public void Sgd_on_a_parabola_shrinks_by_a_constant_factor()
    {
        Sgd sgd = new(0.25, 0);
        float[] w = [8, -4];
        for (int step = 0; step < 10; step++) sgd.Update(w, w, [2 * w[0], 2 * w[1]], [], [], new UpdateRule(step, 1, 0, 0));
        w.ShouldBe([8 / 1024f, -4 / 1024f]);                                 // w ← w − 0.25 · 2w = w / 2, exactly
    }

    [Fact]
    public void Momentum_of_a_constant_gradient_adds_up_the_geometric_series()
    {
        Sgd sgd = new(0.5, 0.5);
        float[] w = [0], v = [0];
        for (int step = 0; step < 20; step++) sgd.Update(w, w, [1], v, [], new UpdateRule(step, 1, 0, 0));
        ((double)v[0]).ShouldBe(2 - Math.Pow(0.5, 19), 1e-6);
        ((double)w[0]).ShouldBe(-0.5 * (40 - (2 * (1 - Math.Pow(0.5, 20)))), 1e-5);
    }

    [Fact]
    public void The_first_step_of_adam_is_the_rate_whatever_the_gradient()
    {
        Adam adam = new(0.125, 0.9, 0.999, 1e-8);
        float[] w = [1, 1, 1], m = new float[3], v = new float[3];
        adam.Update(w, w, [1e-3f, -50, 1e6f], m, v, new UpdateRule(0, 1, 0, 0));
        w.ShouldBe([0.875f, 1.125f, 0.875f], 2e-6);
    }

    [Fact]
    public void Penalties_are_the_slopes_of_absolute_values_and_squares()
    {
        Sgd sgd = new(1, 0);
        float[] w = [2, -2, 0];
        sgd.Update(w, w, [0, 0, 0], [], [], new UpdateRule(0, 1, 0.25f, 0.125f));
        w.ShouldBe([2 - 0.25f - 0.5f, -2 + 0.25f + 0.5f, 0]);
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        const int n = 77;
        float[] start = GoldenNn.Wave(n, 0.7), g = GoldenNn.Wave(n, 1.9, 30), v = [.. GoldenNn.Wave(n, 3.1).Select(Math.Abs)];
        UpdateRule rule = new(41, 1 / 128f, 0.01f, 0.003f);
        Optimizer[] optimizers =
            [new Adam(0.01, 0.9, 0.999, 1e-8), new Sgd(0.01, 0.9), new Sgd(0.01, 0.9, nesterov: true), new RmsProp(0.01, 0.99, 1e-8, 0.5), new Adadelta(1, 0.9, 1e-6)];
        int[][] results = [.. Enum.GetValues<LaneWidth>().Select(width => (int[])[.. optimizers.SelectMany(optimizer =>
        {
            float[] w = [.. start], first = [.. v], second = [.. v];
            optimizer.Update(w, w, g, first, optimizer.OptimizerStatePerParameter > 1 ? second : [], rule, width);
            return (int[])[.. SomeNetwork.Bits(w), .. SomeNetwork.Bits(first), .. SomeNetwork.Bits(second)];
        })])];
        foreach (int[] bits in results[1..]) bits.ShouldBe(results[0]);
    }

    [Fact]
    public void Powers_are_those_of_the_library_to_the_last_places()
    {
        foreach (double b in new[] { 0.9, 0.999, 0.5 })
            foreach (long e in new long[] { 0, 1, 2, 9, 100, 4096 })
                Adam.Power(b, e).ShouldBe(Math.Pow(b, e), (1e-12 * Math.Pow(b, e)) + 1e-300);
        Adam.Power(0.9, long.MaxValue).ShouldBe(0);
    }

    [Fact]
    public void An_unknown_optimizer_is_refused() =>
        Should.Throw<ArgumentException>(() => new OwnSteps("newton").Create()).Message.ShouldContain("newton");

    private static void ShouldBeAt(float[] w, double[] expected, string name)
    {
        for (int i = 0; i < w.Length; i++) ((double)w[i]).ShouldBe(expected[i], 1e-5 * Math.Max(1, Math.Abs(expected[i])), name);
    }

    private static (Optimizer Optimizer, float L2) Of(string name) => name switch
    {
        "sgd" => (new Sgd(1e-3, 0), 0),
        "momentum" => (new Sgd(1e-3, 0.9), 0),
        "decayed" => (new Sgd(1e-3, 0.5), 0.01f),
        "nesterov" => (new Sgd(1e-3, 0.8, nesterov: true), 0),
        "rmsprop" => (new RmsProp(0.01, 0.99, 1e-8, 0), 0),
        "rmsprop-momentum" => (new RmsProp(1e-3, 0.9, 1e-6, 0.5), 0.01f),
        "adadelta" => (new Adadelta(1, 0.9, 1e-6), 0),
        "adadelta-slow" => (new Adadelta(0.5, 0.95, 1e-5), 0.01f),
        "adam" => (new Adam(0.05, 0.9, 0.999, 1e-8), 0),
        _ => (new Adam(0.01, 0.8, 0.99, 1e-6), 0.01f),
    };

    private static void Gradient(string function, float[] w, float[] g)
    {
        switch (function)
        {
            case "parabola":
                for (int i = 0; i < w.Length; i++) g[i] = 2 * w[i];
                break;
            case "rosenbrock":
                float gap = w[1] - (w[0] * w[0]);
                g[0] = (-2 * (1 - w[0])) - (400 * gap * w[0]);
                g[1] = 200 * gap;
                break;
            default:
                float[] curvature = [1, 10, 100];
                for (int i = 0; i < w.Length; i++) g[i] = curvature[i] * (w[i] - 1);
                break;
        }
    }
}

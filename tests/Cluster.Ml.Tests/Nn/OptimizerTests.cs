using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Tests.Nn;

public class OptimizerTests
{
    [Fact]
    public void Hundred_steps_on_three_functions_follow_pytorch()
    {
        GoldenTrajectory[] trajectories = GoldenNn.Read().Trajectories;
        trajectories.Length.ShouldBe(15);
        foreach (GoldenTrajectory golden in trajectories)
        {
            (Optimizer optimizer, float l2) = Of(golden.Optimizer);
            float[] w = [.. golden.Start], g = new float[w.Length], first = new float[w.Length], second = new float[w.Length];
            foreach (GoldenPoint point in golden.Points)
            {
                for (int step = point.Step == 0 ? 0 : PreviousOf(golden, point) + 1; step <= point.Step; step++)
                {
                    Gradient(golden.Function, w, g);
                    optimizer.Update(w, g, optimizer.MemoryPerParameter > 0 ? first : [], optimizer.MemoryPerParameter > 1 ? second : [], new UpdateRule(step, 1, 0, l2));
                }
                for (int i = 0; i < w.Length; i++)
                    ((double)w[i]).ShouldBe(point.At[i], 1e-5 * Math.Max(1, Math.Abs(point.At[i])), $"{golden.Optimizer} on {golden.Function}, step {point.Step}");
            }
        }
    }

    [Fact]
    public void Sgd_on_a_parabola_shrinks_by_a_constant_factor()
    {
        Sgd sgd = new(0.25, 0);
        float[] w = [8, -4];
        for (int step = 0; step < 10; step++) sgd.Update(w, [2 * w[0], 2 * w[1]], [], [], new UpdateRule(step, 1, 0, 0));
        w.ShouldBe([8 / 1024f, -4 / 1024f]);                                 // w ← w − 0.25 · 2w = w / 2, exactly
    }

    [Fact]
    public void Momentum_of_a_constant_gradient_adds_up_the_geometric_series()
    {
        Sgd sgd = new(0.5, 0.5);
        float[] w = [0], v = [0];
        for (int step = 0; step < 20; step++) sgd.Update(w, [1], v, [], new UpdateRule(step, 1, 0, 0));
        ((double)v[0]).ShouldBe(2 - Math.Pow(0.5, 19), 1e-6);
        ((double)w[0]).ShouldBe(-0.5 * (40 - (2 * (1 - Math.Pow(0.5, 20)))), 1e-5);
    }

    [Fact]
    public void The_first_step_of_adam_is_the_rate_whatever_the_gradient()
    {
        Adam adam = new(0.125, 0.9, 0.999, 1e-8);
        float[] w = [1, 1, 1], m = new float[3], v = new float[3];
        adam.Update(w, [1e-3f, -50, 1e6f], m, v, new UpdateRule(0, 1, 0, 0));
        w.ShouldBe([0.875f, 1.125f, 0.875f], 2e-6);
    }

    [Fact]
    public void Penalties_are_the_slopes_of_absolute_values_and_squares()
    {
        Sgd sgd = new(1, 0);
        float[] w = [2, -2, 0];
        sgd.Update(w, [0, 0, 0], [], [], new UpdateRule(0, 1, 0.25f, 0.125f));
        w.ShouldBe([2 - 0.25f - 0.5f, -2 + 0.25f + 0.5f, 0]);
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        const int n = 77;
        float[] start = GoldenNn.Wave(n, 0.7), g = GoldenNn.Wave(n, 1.9, 30), m = GoldenNn.Wave(n, 2.3), v = [.. GoldenNn.Wave(n, 3.1).Select(Math.Abs)];
        UpdateRule rule = new(41, 1 / 128f, 0.01f, 0.003f);
        int[][] results = [.. Enum.GetValues<LaneWidth>().Select(width =>
        {
            float[] w = [.. start], m1 = [.. m], v1 = [.. v], w2 = [.. start], v2 = [.. m];
            new Adam(0.01, 0.9, 0.999, 1e-8).Update(w, g, m1, v1, rule, width);
            new Sgd(0.01, 0.9).Update(w2, g, v2, rule, width);
            return (int[])[.. SomeNetwork.Bits(w), .. SomeNetwork.Bits(m1), .. SomeNetwork.Bits(v1), .. SomeNetwork.Bits(w2), .. SomeNetwork.Bits(v2)];
        })];
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
        Should.Throw<ArgumentException>(() => Optimizer.For(new OptimizerSpec("newton", 1, 0, 0, 0, 0))).Message.ShouldContain("newton");

    private static int PreviousOf(GoldenTrajectory golden, GoldenPoint point) =>
        golden.Points.Select(p => p.Step).Where(step => step < point.Step).Max();

    private static (Optimizer Optimizer, float L2) Of(string name) => name switch
    {
        "sgd" => (new Sgd(1e-3, 0), 0),
        "momentum" => (new Sgd(1e-3, 0.9), 0),
        "decayed" => (new Sgd(1e-3, 0.5), 0.01f),
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

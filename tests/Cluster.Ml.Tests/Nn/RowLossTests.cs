using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Tests.Nn;

public class RowLossTests
{
    [Fact]
    public void Losses_and_gradients_are_those_of_pytorch()
    {
        GoldenRowLoss[] goldens = GoldenNn.Read().RowLosses;
        goldens.Length.ShouldBe(12);
        foreach (GoldenRowLoss golden in goldens)
        {
            float[] gradient = new float[golden.Outputs.Length];
            double value = Of(golden.Kind).Row(golden.Outputs, new Target(0, golden.Row), gradient);
            value.ShouldBe(golden.Loss, 1e-6 * Math.Max(1, golden.Loss), golden.Kind);
            Of(golden.Kind).Row(golden.Outputs, new Target(0, golden.Row), []).ShouldBe(value);
            for (int i = 0; i < gradient.Length; i++)
                ((double)gradient[i]).ShouldBe(golden.Gradient[i], 3e-7 * Math.Max(1, Math.Abs(golden.Gradient[i])), $"{golden.Kind} {i}");
        }
    }

    [Fact]
    public void Every_width_gives_the_same_bits_of_rows_longer_than_a_part()
    {
        float[] z = [.. GoldenNn.Wave(2500, 0.7, 30), 0, -0f, 200, -200], row = [.. GoldenNn.Wave(2504, 0.3).Select(Math.Abs)];
        (double Loss, int[] Gradient)[] results = [.. Enum.GetValues<LaneWidth>().Select(width =>
        {
            float[] gradient = new float[z.Length];
            return (BernoulliReconstruction.Row(z, row, gradient, width), SomeNetwork.Bits(gradient));
        })];
        foreach ((double loss, int[] gradient) in results[1..])
        {
            loss.ShouldBe(results[0].Loss);
            gradient.ShouldBe(results[0].Gradient);
        }
    }

    [Fact]
    public void A_standard_normal_code_costs_nothing_and_every_other_more()
    {
        GaussianDivergence divergence = new();
        divergence.Row([0, 0, 0, 0], 0, []).ShouldBe(0);
        divergence.Row([1, 0, 0, 0], 0, []).ShouldBe(0.5);
        foreach (float v in new[] { -3f, -0.1f, 0.1f, 3f }) divergence.Row([0, v], 0, []).ShouldBeGreaterThan(0);
        divergence.Row([0, float.PositiveInfinity], 0, []).ShouldSatisfyAllConditions(value => double.IsFinite(value).ShouldBeFalse());
    }

    [Fact]
    public void Pixels_in_another_order_cost_the_same()
    {
        float[] z = GoldenNn.Wave(64, 0.7, 3), row = [.. GoldenNn.Wave(64, 0.3).Select(Math.Abs)];
        foreach (string kind in new[] { "bernoulli", "squared" })
            Of(kind).Row([.. z.Reverse()], new Target(0, [.. row.Reverse()]), []).ShouldBe(Of(kind).Row(z, new Target(0, row), []), 1e-5);
    }

    [Fact]
    public void What_is_not_finite_is_passed_on()
    {
        double.IsFinite(new BernoulliReconstruction().Row([float.NaN], new Target(0, [0.5f]), [])).ShouldBeFalse();
        double.IsFinite(new SquaredReconstruction().Row([float.PositiveInfinity], new Target(0, [0.5f]), [])).ShouldBeFalse();
        double.IsFinite(new DiscriminatorLoss(1).Row([float.NaN], 0, [])).ShouldBeFalse();
        new BernoulliReconstruction().Row([3e38f, -3e38f], new Target(0, [1, 0]), new float[2]).ShouldBe(0);
    }

    private static Loss Of(string kind) => kind switch
    {
        "bernoulli" => new BernoulliReconstruction(),
        "squared" => new SquaredReconstruction(),
        "divergence" => new GaussianDivergence(),
        _ => new DiscriminatorLoss(1, 0),
    };
}

using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Tests.Numerics;

public sealed class SoftmaxRowsTests
{
    private static float[] Scores(int count, double size) => [.. Enumerable.Range(0, count).Select(i => (float)(size * Math.Sin((1.7 * i) + 0.3)))];

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(37, 4.0)]
    [InlineData(1000, 30.0)]
    [InlineData(100, 20000.0)]
    public void Loss_and_gradient_are_those_of_double_precision(int count, double size)
    {
        float[] z = Scores(count, size), bias = Scores(count, 0.1);
        double[] exact = [.. z.Zip(bias, (a, b) => (double)(a + b))];
        double max = exact.Max(), sum = exact.Sum(s => Math.Exp(s - max));
        int target = count / 2, best = Array.IndexOf(exact, max);

        double loss = SoftmaxRows.LoseToGradient(z, bias, target, out bool highest);

        loss.ShouldBe(Math.Log(sum) - (exact[target] - max), 1e-6 * Math.Max(1, max - exact[target]));
        highest.ShouldBe(target == best);
        for (int i = 0; i < count; i++)
            ((double)z[i]).ShouldBe((Math.Exp(exact[i] - max) / sum) - (i == target ? 1 : 0), 5e-7);
        float[] again = Scores(count, size), probabilities = Scores(count, size);
        SoftmaxRows.Lose(again, bias, target, out _).ShouldBe(loss);
        SoftmaxRows.Normalize(probabilities, bias);
        ((double)probabilities.Sum()).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void A_shift_of_all_scores_changes_nothing()
    {
        float[] z = [.. Enumerable.Range(0, 50).Select(i => (float)(i % 7))], shifted = [.. z.Select(s => s + 64)], bias = new float[50];
        SoftmaxRows.LoseToGradient(z, bias, 3, out _).ShouldBe(SoftmaxRows.LoseToGradient(shifted, bias, 3, out _));
        z.ShouldBe(shifted);
    }

    [Fact]
    public void A_score_that_is_not_finite_gives_a_loss_that_is_not()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            float[] z = Scores(40, 1);
            z[17] = bad;
            double.IsFinite(SoftmaxRows.Lose(z, new float[40], 3, out _)).ShouldBeFalse($"{bad}");
        }
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        const int count = 123;
        float[] bias = Scores(count, 0.3), first = Scores(count, 5);
        float max = SoftmaxRows.AddBias(first, bias, LaneWidth.Scalar);
        SoftmaxRows.Exponentiate(first, max, LaneWidth.Scalar);
        foreach (LaneWidth width in new[] { LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512 })
        {
            float[] z = Scores(count, 5);
            SoftmaxRows.AddBias(z, bias, width).ShouldBe(max);
            SoftmaxRows.Exponentiate(z, max, width);
            z.ShouldBe(first, $"{width}");
        }
    }
}

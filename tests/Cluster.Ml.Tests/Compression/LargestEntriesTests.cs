using Cluster.Ml.Compression;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Compression;

public sealed class LargestEntriesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(500)]
    [InlineData(999)]
    [InlineData(1000)]
    public void They_are_those_that_a_stable_sort_by_descending_magnitude_puts_first(int count)
    {
        for (int major = 0; major < 20; major++)
        {
            float[] numbers = new float[1000];
            Philox.FillGaussian(numbers, 9, RandomPurpose.Noise, major, 0);
            // Few different magnitudes, of both signs, so that many are equal; very large and very small ones; and zeros.
            if (major % 2 == 1) for (int i = 0; i < numbers.Length; i++) numbers[i] = MathF.Round(numbers[i]) * MathF.Pow(2, (major * 7) - 100);

            Taken(numbers, count).ShouldBe(Sorted(numbers, count));
        }
    }

    [Fact]
    public void Zeros_are_never_taken() => Taken([0, -0f, 3, 0, -2, 0], 4).ShouldBe([2, 4]);

    [Fact]
    public void What_is_not_finite_comes_first_so_that_it_is_noticed() =>
        Taken([1e38f, float.NegativeInfinity, float.MaxValue, float.NaN, 0], 2).ShouldBe([1, 3]);

    private static int[] Taken(float[] numbers, int count)
    {
        LargestEntries largest = LargestEntries.Of(numbers, count);
        int ties = largest.Ties;
        return [.. Enumerable.Range(0, numbers.Length).Where(i => largest.Takes(numbers[i], ref ties))];
    }

    private static int[] Sorted(float[] numbers, int count) =>
        [.. Enumerable.Range(0, numbers.Length).OrderByDescending(i => MathF.Abs(numbers[i])).Take(count).Where(i => numbers[i] != 0).Order()];
}

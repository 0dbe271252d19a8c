using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

public sealed class NegativeSamplerTests
{
    [Theory]
    [InlineData(new long[] { 5 })]
    [InlineData(new long[] { 0, 1, 16, 81, 10_000 })]
    [InlineData(new long[] { 7, 7, 7 })]
    [InlineData(new long[] { 0, 0, 63_919, 51_696, 5, 5, 5, 5, 5, 5 })]
    public void Words_are_drawn_by_the_three_quarter_power_of_their_counts(long[] counts)
    {
        const int columnSteps = 1 << 10, keepSteps = 1 << 10;
        NegativeSampler noise = new(counts);
        double[] drawn = new double[counts.Length];
        for (ulong column = 0; column < columnSteps; column++)       // an even grid over both halves of the bits
            for (ulong keep = 0; keep < keepSteps; keep++)
                drawn[noise.Draw((column << 54) | (keep << 22))] += 1.0 / columnSteps / keepSteps;

        double all = counts.Sum(count => Math.Pow(count, 0.75));
        for (int word = 0; word < counts.Length; word++)
        {
            if (counts[word] == 0) drawn[word].ShouldBe(0);
            drawn[word].ShouldBe(Math.Pow(counts[word], 0.75) / all, 3e-3);
        }
    }

    [Fact]
    public void Every_draw_is_a_word() => new NegativeSampler([3, 1]).Draw(ulong.MaxValue).ShouldBeInRange(0, 1);
}

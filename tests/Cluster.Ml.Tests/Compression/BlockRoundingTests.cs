using Cluster.Ml.Compression;
using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Compression;

public sealed class BlockRoundingTests
{
    private const int Length = BlockRounding.Length;

    [Theory]
    [InlineData(1e-20f)]
    [InlineData(1e-3f)]
    [InlineData(1f)]
    [InlineData(1e30f)]
    public void Eight_bits_are_less_than_a_127th_of_the_largest_off(float size)
    {
        float[] numbers = Gaussian(size);
        float most = numbers.Max(MathF.Abs);

        float[] back = RoundTrip(CompressionKind.Int8, numbers);

        for (int i = 0; i < Length; i++) MathF.Abs(back[i] - numbers[i]).ShouldBeLessThan(most / 127 * 1.00001f);
    }

    [Theory]
    [InlineData(1e-20f)]
    [InlineData(1e-3f)]
    [InlineData(1e30f)]
    public void Sixteen_bits_are_at_most_2_to_the_minus_11_of_the_number_off(float size)
    {
        float[] numbers = Gaussian(size);

        float[] back = RoundTrip(CompressionKind.Float16, numbers);

        for (int i = 0; i < Length; i++) MathF.Abs(back[i] - numbers[i]).ShouldBeLessThanOrEqualTo(MathF.Abs(numbers[i]) / 2048);
    }

    // 10 000 draws of a number a quarter of the way between two codes: the mean has a standard deviation of 0.0043 of a code.
    [Fact]
    public void The_mean_of_eight_bits_over_random_numbers_is_the_number()
    {
        float[] numbers = new float[Length];
        Array.Fill(numbers, 10.25f);
        numbers[0] = 127;
        double sum = 0;
        const int draws = 40;

        for (int draw = 0; draw < draws; draw++) sum += RoundTrip(CompressionKind.Int8, numbers, draw).Skip(1).Sum(number => (double)number);

        (sum / draws / (Length - 1)).ShouldBe(10.25, 0.02);
    }

    [Theory]
    [InlineData(CompressionKind.Int8)]
    [InlineData(CompressionKind.Float16)]
    public void Zeros_and_the_largest_number_come_back_as_they_were(CompressionKind kind)
    {
        float[] numbers = new float[Length];
        numbers[7] = -64;

        RoundTrip(kind, numbers).ShouldBe(numbers);
        RoundTrip(kind, new float[3]).ShouldBe(new float[3]);
        RoundTrip(kind, [float.MaxValue, -float.MaxValue]).ShouldAllBe(number => MathF.Abs(number) > 0.999f * float.MaxValue);
    }

    [Theory]
    [InlineData(CompressionKind.Int8, float.NaN)]
    [InlineData(CompressionKind.Float16, float.NaN)]
    [InlineData(CompressionKind.Int8, float.PositiveInfinity)]
    [InlineData(CompressionKind.Float16, float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_never_hidden(CompressionKind kind, float bad) =>
        RoundTrip(kind, [1, bad, 2]).ShouldAllBe(number => float.IsNaN(number));

    [Theory]
    [InlineData(CompressionKind.Int8, 65)]
    [InlineData(CompressionKind.Float16, 129)]
    public void A_block_takes_a_scale_and_its_codes(CompressionKind kind, int words)
    {
        BlockRounding.Words(kind, Length).ShouldBe(words);
        BlockRounding.Words(kind, 1).ShouldBe(2);
    }

    private static float[] RoundTrip(CompressionKind kind, float[] numbers, long draw = 0)
    {
        float[] probabilities = new float[numbers.Length], words = new float[BlockRounding.Words(kind, numbers.Length)], back = new float[numbers.Length];
        Philox.FillUniform(probabilities, 5, RandomPurpose.Compression, draw, 0);
        BlockRounding.Write(kind, numbers, probabilities, words);
        BlockRounding.Read(kind, words, back);
        return back;
    }

    private static float[] Gaussian(float size)
    {
        float[] numbers = new float[Length];
        Philox.FillGaussian(numbers, 9, RandomPurpose.Noise, 1, 0);
        for (int i = 0; i < Length; i++) numbers[i] *= size;
        return numbers;
    }
}

using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Randomness;

public class SecretNumbersTests
{
    private static readonly uint[] s_key = [3, 1, 4, 1, 5, 9, 2, 6];

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(17, 250)]
    [InlineData((1L << 34) - 13, 100)]
    public void A_fill_cut_into_calls_gives_the_same_values(long start, int length)
    {
        foreach (int size in new[] { 1, 7, 64, 100 })
        {
            (float[] whole, float[] parts) = (new float[length], new float[length]);
            (ulong[] words, ulong[] wordParts) = (new ulong[length], new ulong[length]);
            SecretNumbers.FillGaussian(whole, s_key, RandomPurpose.PrivacyNoise, 3, start);
            SecretNumbers.FillWords(words, s_key, RandomPurpose.PoissonSampling, 3, start);
            for (int done = 0; done < length; done += size)
            {
                SecretNumbers.FillGaussian(parts.AsSpan(done, Math.Min(size, length - done)), s_key, RandomPurpose.PrivacyNoise, 3, start + done);
                SecretNumbers.FillWords(wordParts.AsSpan(done, Math.Min(size, length - done)), s_key, RandomPurpose.PoissonSampling, 3, start + done);
            }
            parts.ShouldBe(whole);
            wordParts.ShouldBe(words);
        }
    }

    [Fact]
    public void Every_width_gives_the_same_numbers()
    {
        float[] scalar = new float[500];
        SecretNumbers.FillGaussian(scalar, s_key, RandomPurpose.PrivacyNoise, 1, 5, LaneWidth.Scalar);
        foreach (LaneWidth width in new[] { LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512 })
        {
            float[] vector = new float[500];
            SecretNumbers.FillGaussian(vector, s_key, RandomPurpose.PrivacyNoise, 1, 5, width);
            vector.ShouldBe(scalar);
        }
    }

    [Fact]
    public void Normal_numbers_are_box_muller_of_two_words_each()
    {
        (float[] numbers, ulong[] words) = (new float[64], new ulong[64]);
        SecretNumbers.FillGaussian(numbers, s_key, RandomPurpose.PrivacyNoise, 9, 0);
        SecretNumbers.FillWords(words, s_key, RandomPurpose.PrivacyNoise, 9, 0);

        for (int i = 0; i < 64; i++)
        {
            int first = (i / 16 * 16) + (i % 8);
            double u = ((words[first] >> 13) + 0.5) / (1L << 51), angle = 2 * Math.PI * (words[first + 8] >> 13) / (1L << 51);
            double radius = Math.Sqrt(-2 * Math.Log(u));
            ((double)numbers[i]).ShouldBe(radius * (i % 16 < 8 ? Math.Cos(angle) : Math.Sin(angle)), 1e-6);
        }
    }

    [Fact]
    public void Their_moments_are_those_of_the_normal_distribution()
    {
        const int n = 1 << 20;
        float[] numbers = new float[n];
        SecretNumbers.FillGaussian(numbers, s_key, RandomPurpose.PrivacyNoise, 2, 0);

        double[] moments = [.. Enumerable.Range(1, 4).Select(power => numbers.Sum(x => Math.Pow(x, power)) / n)];

        double[] wanted = [0, 1, 0, 3], variances = [1, 2, 15, 96];
        for (int i = 0; i < 4; i++) moments[i].ShouldBe(wanted[i], 5 * Math.Sqrt(variances[i] / n));
    }

    [Fact]
    public void Another_key_purpose_or_index_gives_other_numbers()
    {
        ulong First(uint[] key, RandomPurpose purpose, long index)
        {
            ulong[] one = new ulong[1];
            SecretNumbers.FillWords(one, key, purpose, index, 0);
            return one[0];
        }
        ulong[] firsts =
        [
            First(s_key, RandomPurpose.PrivacyNoise, 0), First(s_key, RandomPurpose.PoissonSampling, 0), First(s_key, RandomPurpose.PrivacyNoise, 1),
            First(s_key, RandomPurpose.PrivacyNoise, 1L << 32), First([3, 1, 4, 1, 5, 9, 2, 7], RandomPurpose.PrivacyNoise, 0),
        ];
        firsts.Distinct().Count().ShouldBe(firsts.Length);
    }

    [Fact]
    public void A_stream_is_not_read_beyond_its_end() =>
        Should.Throw<ArgumentOutOfRangeException>(() => SecretNumbers.FillGaussian(new float[2], s_key, RandomPurpose.PrivacyNoise, 0, (1L << 35) - 1));
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Randomness;

public class PhiloxTests
{
    // Random123 1.14.0, tests/kat_vectors, the three lines of philox4x32 with 10 rounds.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_gives_the_published_answers(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        PhiloxWords words = Philox.Block(new PhiloxCounter(c0, c1, c2, c3), k0 | ((ulong)k1 << 32));

        words.ShouldBe(new PhiloxWords(w0, w1, w2, w3));
    }

    [Fact]
    public void Uniform_fill_is_the_blocks_words_in_groups_of_eight_blocks()
    {
        var values = new float[64];
        Philox.FillUniform(values, 99, RandomPurpose.Dropout, 7, 0);

        for (int i = 0; i < values.Length; i++)
        {
            int group = i / 32, word = i % 32 / 8, block = (8 * group) + (i % 8);
            PhiloxWords words = Philox.Block(PhiloxCounter.OfFill(RandomPurpose.Dropout, 7, block), 99);
            values[i].ShouldBe((words[word] >> 8) / 16777216f);
        }
    }

    [Fact]
    public void Gaussian_fill_is_box_muller_of_the_blocks_words()
    {
        var values = new float[32];
        Philox.FillGaussian(values, 99, RandomPurpose.PrivacyNoise, 7, 0);

        for (int block = 0; block < 8; block++)
        {
            PhiloxWords words = Philox.Block(PhiloxCounter.OfFill(RandomPurpose.PrivacyNoise, 7, block), 99);
            double radius = Math.Sqrt(-2 * Math.Log((words.Word0 + 0.5) / 4294967296.0)), angle = 2 * Math.PI * words.Word1 / 4294967296.0;
            ((double)values[block]).ShouldBe(radius * Math.Cos(angle), 1e-6);
            ((double)values[8 + block]).ShouldBe(radius * Math.Sin(angle), 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(17, 250)]
    [InlineData((1L << 35) - 13, 100)]
    public void A_fill_cut_into_calls_gives_the_same_values(long start, int length)
    {
        var whole = new float[length];
        var parts = new float[length];
        Philox.FillGaussian(whole, 5, RandomPurpose.PrivacyNoise, 3, start);
        for (int done = 0, size = 1; done < length; done += size, size = Math.Min(length - done, (size * 2) + 1))
            Philox.FillGaussian(parts.AsSpan(done, Math.Min(size, length - done)), 5, RandomPurpose.PrivacyNoise, 3, start + done);

        parts.ShouldBe(whole);
    }

    [Fact]
    public void Fills_give_the_recorded_bytes_at_every_width()
    {
        var uniform = new float[10_000];
        var gaussian = new float[10_000];
        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        {
            Philox.FillUniform(uniform, 42, RandomPurpose.Dropout, 1, 5, width);
            Philox.FillGaussian(gaussian, 42, RandomPurpose.PrivacyNoise, 1, 5, width);

            Hash(uniform).ShouldBe("E4B8BCF7424C9B52", $"{width}");
            Hash(gaussian).ShouldBe("4019AA85AC3C8D8B", $"{width}");
        }
    }

    [Fact]
    public void First_numbers_in_bulk_are_those_of_the_streams()
    {
        int[] minors = [0, 3, 17, 255, int.MaxValue, 8, 9, .. Enumerable.Range(1 << 20, 16)];       // 23: eights, fours and single ones
        var words = new ulong[minors.Length];
        Philox.FillFirst(words, 11, RandomPurpose.PoissonSampling, (1L << 40) + 5, minors);

        for (int i = 0; i < minors.Length; i++)
            words[i].ShouldBe(RandomStream.At(11, RandomPurpose.PoissonSampling, (1L << 40) + 5, minors[i]).NextUInt64());
    }

    [Fact]
    public void Gaussian_fill_has_the_moments_of_the_normal_distribution()
    {
        var values = new float[1_000_000];
        Philox.FillGaussian(values, 1, RandomPurpose.PrivacyNoise, 0, 0);

        double mean = values.Average(v => (double)v), square = values.Average(v => (double)v * v), fourth = values.Average(v => Math.Pow(v, 4));
        mean.ShouldBe(0, 5 / Math.Sqrt(1e6));                       // five standard errors each
        square.ShouldBe(1, 5 * Math.Sqrt(2 / 1e6));
        fourth.ShouldBe(3, 5 * Math.Sqrt(96 / 1e6));
        ((double)values.Count(v => Math.Abs(v) > 1.959964)).ShouldBe(50_000, 5 * Math.Sqrt(47_500));
    }

    [Fact]
    public void Keys_that_differ_in_one_part_give_different_numbers()
    {
        float First(ulong seed, RandomPurpose purpose, long major, long start)
        {
            var one = new float[1];
            Philox.FillGaussian(one, seed, purpose, major, start);
            return one[0];
        }

        var firsts = new[]
        {
            First(1, RandomPurpose.Dropout, 1, 1), First(2, RandomPurpose.Dropout, 1, 1), First(1, RandomPurpose.PrivacyNoise, 1, 1),
            First(1, RandomPurpose.Dropout, 2, 1), First(1, RandomPurpose.Dropout, 1, 2), First(1UL << 32, RandomPurpose.Dropout, 1, 1),
            First(1, RandomPurpose.Dropout, (1L << 32) + 1, 1),
        };

        firsts.Distinct().Count().ShouldBe(firsts.Length);
    }

    private static string Hash(float[] values) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16];
}

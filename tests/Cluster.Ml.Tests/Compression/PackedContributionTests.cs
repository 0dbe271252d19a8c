using Cluster.Ml.Compression;
using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Compression;

public sealed class PackedContributionTests
{
    private const int Length = 1003, Exact = 3;

    [Theory]
    [InlineData(CompressionKind.Int8, 3.5)]
    [InlineData(CompressionKind.Float16, 1.9)]
    public void It_is_as_much_smaller_as_its_numbers(CompressionKind kind, double least) =>
        ((double)Length / new PackedContribution(new CompressionSpec.Rounding(kind), Length, Exact, 1).Length).ShouldBeGreaterThan(least);

    // The worst case: eight leaves are rounded at four levels, at each by no more than all leaves together; a tenth more, as what is
    // rounded again may have grown.
    [Theory]
    [InlineData(CompressionKind.Int8)]
    [InlineData(CompressionKind.Float16)]
    public void The_sum_of_a_tree_is_near_the_sum_and_exact_where_it_must_be(CompressionKind kind)
    {
        PackedContribution packing = new(new CompressionSpec.Rounding(kind), Length, Exact, 1);
        float[] wanted = new float[Length], bound = new float[Length], got = new float[Length];
        float[][] packed = [.. Enumerable.Range(0, 8).Select(leaf => Packed(packing, leaf, step: 6, wanted))];
        for (int leaf = 0; leaf < 8; leaf++)
        {
            float[] numbers = Gaussian(leaf);
            float code = numbers[..^Exact].Max(MathF.Abs) / 127;
            for (int i = 0; i < Length; i++) bound[i] += 4 * 1.1f * (kind == CompressionKind.Int8 ? code : MathF.Abs(numbers[i]) / 2048);
        }

        packing.Unpack(Sum(packing, packed), got);

        for (int i = 0; i < Length - Exact; i++) MathF.Abs(got[i] - wanted[i]).ShouldBeLessThan(bound[i]);
        got[^Exact..].ShouldBe(wanted[^Exact..]);
    }

    // Were randomness shared between nodes or steps, their errors would add up in place of cancelling.
    [Fact]
    public void Every_node_and_every_step_rounds_at_random_by_its_own_key()
    {
        PackedContribution packing = new(new CompressionSpec.Rounding(CompressionKind.Int8), Length, Exact, 1);
        float[] same = [.. Enumerable.Range(0, Length).Select(i => MathF.Sin(i))];
        HashSet<string> seen = [];

        foreach ((long step, int leaf) in new[] { (0L, 0), (0L, 1), (1L, 0), (1L, 1), (0L, 1023) })
        {
            float[] packed = new float[packing.Length];
            packing.Pack(same, step, leaf, whole: false, packed);
            seen.Add(Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(packed.AsSpan(PackedContribution.HeaderLength)))).ShouldBeTrue();
        }
    }

    [Fact]
    public void Another_seed_rounds_otherwise_and_the_same_seed_the_same()
    {
        static float[] Of(ulong seed)
        {
            PackedContribution packing = new(new CompressionSpec.Rounding(CompressionKind.Int8), Length, Exact, seed);
            return Packed(packing, 3, 2, new float[Length]);
        }

        Of(1).ShouldBe(Of(1));
        Of(2).ShouldNotBe(Of(1));
    }

    private static float[] Packed(PackedContribution packing, int leaf, long step, float[] sum)
    {
        float[] numbers = Gaussian(leaf), packed = new float[packing.Length];
        for (int i = 0; i < Length; i++) sum[i] += numbers[i];
        packing.Pack(numbers, step, leaf, whole: false, packed);
        return packed;
    }

    private static float[] Gaussian(int leaf)
    {
        float[] numbers = new float[Length];
        Philox.FillGaussian(numbers, 4, RandomPurpose.Noise, leaf, 0);
        for (int i = Length - Exact; i < Length; i++) numbers[i] = leaf + i;
        return numbers;
    }

    private static float[] Sum(PackedContribution packing, ReadOnlySpan<float[]> leaves)
    {
        if (leaves.Length == 1) return leaves[0];
        float[] left = Sum(packing, leaves[..(leaves.Length / 2)]);
        packing.Add(left, Sum(packing, leaves[(leaves.Length / 2)..]));
        return left;
    }
}

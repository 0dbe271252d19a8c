using Cluster.Ml.Compression;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Compression;

public sealed class SparseContributionTests
{
    private const int Length = 1003, Exact = 3, Inexact = Length - Exact;

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(0.6)]
    public void What_is_sent_and_what_is_left_are_the_numbers_bit_for_bit(double share)
    {
        SparseContribution packing = new(share, Length, Exact);
        float[] before = Gaussian(1), left = [.. before], sent = new float[Length];
        float[] packed = Fresh(packing);

        packing.Pack(left, 0, 0, whole: false, packed);
        packing.Unpack(packed, sent);

        sent[..Inexact].Count(number => number != 0).ShouldBe((int)Math.Ceiling(share * Inexact));
        for (int i = 0; i < Inexact; i++) (sent[i] == 0 ? left[i] : sent[i]).ShouldBe(before[i]);
        for (int i = 0; i < Inexact; i++) (sent[i] * left[i]).ShouldBe(0);
        sent[Inexact..].ShouldBe(before[Inexact..]);
        left[..Inexact].Max(MathF.Abs).ShouldBeLessThanOrEqualTo(sent[..Inexact].Where(number => number != 0).Min(MathF.Abs));
    }

    // Few are sorted out of those that a sixteenth of the numbers says may be among them; where the sixteenth misleads, of all.
    [Theory]
    [InlineData("as the others")]
    [InlineData("much larger")]
    [InlineData("all the large ones")]
    [InlineData("zeros")]
    [InlineData("everything equal")]
    [InlineData("everything zero")]
    public void Whatever_the_numbers_looked_at_first_are_the_largest_are_sent(string looked)
    {
        const int length = 30_011, kept = 301;
        SparseContribution packing = new(0.01, length + Exact, Exact);
        float[] numbers = new float[length + Exact], packed = new float[packing.Length], sent = new float[length + Exact];
        Philox.FillGaussian(numbers.AsSpan(0, length), 4, RandomPurpose.Noise, 1, 0);
        for (int i = 0; i < length; i++)
        {
            if (looked == "everything equal") numbers[i] = (i % 2) - 0.5f;
            if (looked == "everything zero") numbers[i] = 0;
            if (i % 16 == 0) numbers[i] *= looked switch { "much larger" => 1e6f, "zeros" => 0, _ => 1 };
            else if (looked == "all the large ones") numbers[i] *= 1e-6f;
        }
        int[] wanted = [.. Enumerable.Range(0, length).OrderByDescending(i => MathF.Abs(numbers[i])).Take(kept).Where(i => numbers[i] != 0)];
        float[] before = [.. numbers];

        packing.Pack(numbers, 0, 0, whole: false, packed);
        packing.Unpack(packed, sent);

        Enumerable.Range(0, length).Where(i => sent[i] != 0).ShouldBe(wanted.Order());
        for (int i = 0; i < length; i++) (sent[i] + numbers[i]).ShouldBe(before[i]);
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(0.01, true)]
    public void All_numbers_are_sent_where_all_are_asked_for(double share, bool whole)
    {
        SparseContribution packing = new(share, Length, Exact);
        float[] before = Gaussian(1), left = [.. before], sent = new float[Length], packed = Fresh(packing);

        packing.Pack(left, 0, 0, whole, packed);
        packing.Unpack(packed, sent);

        sent.ShouldBe(before);
        left[..Inexact].ShouldAllBe(number => number == 0);
    }

    // The sums of dense vectors are the reference: what is absent is 0.
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void The_sum_of_a_tree_is_the_sum_of_what_its_leaves_sent_bit_for_bit(double share)
    {
        SparseContribution packing = new(share, Length, Exact);
        float[][] packed = [.. Enumerable.Range(0, 8).Select(leaf => Packed(packing, leaf, whole: false))];
        float[][] sent = [.. packed.Select(leaf => Unpacked(packing, leaf))];

        for (int stride = 1; stride < 8; stride *= 2)
            for (int left = 0; left < 8; left += 2 * stride)
            {
                packing.Add(packed[left], packed[left + stride]);
                for (int i = 0; i < Length; i++) sent[left][i] += sent[left + stride][i];
            }

        Unpacked(packing, packed[0]).ShouldBe(sent[0]);
    }

    [Fact]
    public void A_sum_with_one_that_left_nothing_out_is_whole_on_either_side()
    {
        SparseContribution packing = new(0.01, Length, Exact);

        foreach (bool wholeFirst in new[] { false, true })
        {
            float[] left = Packed(packing, 1, wholeFirst), right = Packed(packing, 2, !wholeFirst);
            float[] wanted = [.. Unpacked(packing, left).Zip(Unpacked(packing, right), (a, b) => a + b)];

            packing.Add(left, right);

            Unpacked(packing, left).ShouldBe(wanted);
            packing.UsedLength(left).ShouldBe(packing.Length);
        }
    }

    [Fact]
    public void It_takes_two_words_an_entry_and_never_more_than_all_numbers()
    {
        SparseContribution packing = new(0.1, Length, Exact);
        float[] sum = Packed(packing, 0, whole: false);
        packing.UsedLength(sum).ShouldBe(1 + Exact + 200);
        int before = 0;

        for (int leaf = 1; leaf < 64; leaf++)
        {
            packing.Add(sum, Packed(packing, leaf, whole: false));
            packing.UsedLength(sum).ShouldBeGreaterThanOrEqualTo(before);
            before = packing.UsedLength(sum);
        }

        before.ShouldBe(packing.Length);
    }

    [Fact]
    public void What_is_sent_of_it_is_sound_and_what_is_none_is_told()
    {
        SparseContribution packing = new(0.01, Length, Exact);
        float[] good = Packed(packing, 0, whole: false), whole = Packed(packing, 0, whole: true);
        int used = packing.UsedLength(good);

        packing.IsSound(good, used).ShouldBeTrue();
        packing.IsSound(whole, packing.Length).ShouldBeTrue();
        packing.IsSound(good, used + 2).ShouldBeFalse();
        packing.IsSound(whole, used).ShouldBeFalse();
        foreach ((int word, int bits) in new[] { (0, 501), (0, -2), (4, -1), (4, 1000), (6, 0), (6 + 2, int.MaxValue) })
        {
            float[] bad = [.. good];
            bad[word] = BitConverter.Int32BitsToSingle(bits);
            packing.IsSound(bad, used).ShouldBeFalse($"word {word} is {bits}");
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_there_is_room_for_the_largest_sum()
    {
        SparseContribution packing = new(0.3, Length, Exact);
        float[] numbers = Gaussian(1), left = Fresh(packing), right = Fresh(packing);
        Step();

        Allocations.Least(Step).ShouldBe(0);

        void Step()
        {
            packing.Pack(numbers, 0, 0, whole: false, left);
            packing.Pack(numbers, 0, 1, whole: false, right);
            packing.Add(left, right);
            packing.Unpack(left, numbers);
        }
    }

    private static float[] Packed(SparseContribution packing, int leaf, bool whole)
    {
        float[] packed = Fresh(packing);
        packing.Pack(Gaussian(leaf), 0, leaf, whole, packed);
        return packed;
    }

    private static float[] Unpacked(SparseContribution packing, float[] packed)
    {
        float[] numbers = new float[Length];
        packing.Unpack(packed, numbers);
        return numbers;
    }

    // What a buffer from the pool may hold.
    private static float[] Fresh(SparseContribution packing)
    {
        float[] packed = new float[packing.Length];
        Array.Fill(packed, float.NaN);
        return packed;
    }

    private static float[] Gaussian(int leaf)
    {
        float[] numbers = new float[Length];
        Philox.FillGaussian(numbers, 4, RandomPurpose.Noise, leaf, 0);
        for (int i = Inexact; i < Length; i++) numbers[i] = leaf + i;
        return numbers;
    }
}

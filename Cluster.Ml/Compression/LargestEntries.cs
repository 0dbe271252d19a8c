using System.Runtime.CompilerServices;

namespace Cluster.Ml.Compression;

/// <summary>Finds which numbers of a vector have the largest magnitudes, without sorting it.</summary>
/// <remarks>
/// Equation  taken = {i : |xᵢ| > Least} ∪ the first Ties of {i : |xᵢ| = Least}: those that a stable sort by descending |x| puts first
/// Range     zeros are never taken; a number that is not finite is larger than any other (infinities, then NaNs by their bits)
/// Cost      at most three passes of counting over the bits without the sign, most significant first (radix selection); no allocation
/// </remarks>
/// <param name="Least">The bits of the least magnitude that is taken.</param>
/// <param name="Ties">How many of exactly that magnitude are taken.</param>
internal readonly record struct LargestEntries(uint Least, int Ties)
{
    private const uint Magnitude = 0x7FFF_FFFF;
    private const int HighShift = 20, LowBits = 10, HighBins = 1 << (31 - HighShift), LowBins = 1 << LowBits;

    /// <summary>The <paramref name="count"/> largest of every so manieth number.</summary>
    /// <param name="numbers">[n].</param>
    /// <param name="count">From 1 to how many are looked at.</param>
    /// <param name="start">The first that is looked at.</param>
    /// <param name="stride">How far it is from one to the next.</param>
    public static LargestEntries Of(ReadOnlySpan<float> numbers, int count, int start = 0, int stride = 1)
    {
        Span<int> bins = stackalloc int[HighBins];
        bins.Clear();
        for (int i = start; i < numbers.Length; i += stride) bins[(int)(BitsOf(numbers[i]) >> HighShift)]++;
        (uint prefix, int left) = Descend(bins, 0, count);
        for (int shift = HighShift - LowBits; shift >= 0; shift -= LowBits)
        {
            Span<int> low = bins[..LowBins];
            low.Clear();
            for (int i = start; i < numbers.Length; i += stride)
            {
                uint bits = BitsOf(numbers[i]) >> shift;
                if (bits >> LowBits == prefix) low[(int)(bits & (LowBins - 1))]++;
            }
            (prefix, left) = Descend(low, prefix << LowBits, left);
        }
        return new LargestEntries(prefix, prefix == 0 ? 0 : left);
    }

    /// <summary>The least magnitude of about twice as many as are wanted, judged by a sixteenth of the numbers: mostly below that of the wanted.</summary>
    /// <param name="numbers">[n], n ≥ 1.</param>
    /// <param name="count">How many are wanted.</param>
    public static uint GuessBelow(ReadOnlySpan<float> numbers, int count)
    {
        const int stride = 16, more = 8;
        return Of(numbers, Math.Min((2 * count / stride) + more, (numbers.Length + stride - 1) / stride), 0, stride).Least;
    }

    /// <summary>Whether a number is taken, when all are asked about in their order.</summary>
    /// <param name="number">The number.</param>
    /// <param name="ties">At first <see cref="Ties"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Takes(float number, ref int ties)
    {
        uint bits = BitsOf(number);
        return bits > Least || (bits == Least && ties-- > 0);
    }

    /// <summary>The bits of |x|, which are ordered as magnitudes are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint BitsOf(float number) => Unsafe.BitCast<float, uint>(number) & Magnitude;

    // The bin in which the last of those wanted lies, and how many of that bin are wanted.
    private static (uint Prefix, int Left) Descend(ReadOnlySpan<int> bins, uint prefix, int wanted)
    {
        int bin = bins.Length - 1;
        for (; bin > 0 && bins[bin] < wanted; bin--) wanted -= bins[bin];
        return (prefix + (uint)bin, wanted);
    }
}

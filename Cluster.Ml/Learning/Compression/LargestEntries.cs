using System.Runtime.CompilerServices;

namespace Cluster.Ml.Learning.Compression;

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

    /// <summary>The <paramref name="count"/> largest.</summary>
    /// <param name="numbers">[n].</param>
    /// <param name="count">From 1 to n.</param>
    public static LargestEntries Of(ReadOnlySpan<float> numbers, int count)
    {
        Span<int> bins = stackalloc int[HighBins];
        bins.Clear();
        foreach (float number in numbers) bins[(int)(BitsOf(number) >> HighShift)]++;
        (uint prefix, int left) = Descend(bins, 0, count);
        for (int shift = HighShift - LowBits; shift >= 0; shift -= LowBits)
        {
            Span<int> low = bins[..LowBins];
            low.Clear();
            foreach (float number in numbers)
            {
                uint bits = BitsOf(number) >> shift;
                if (bits >> LowBits == prefix) low[(int)(bits & (LowBins - 1))]++;
            }
            (prefix, left) = Descend(low, prefix << LowBits, left);
        }
        return new LargestEntries(prefix, prefix == 0 ? 0 : left);
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

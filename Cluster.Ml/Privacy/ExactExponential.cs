using System.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>e^(−x) of a rational x in whole numbers, to as many bits as are asked for.</summary>
/// <remarks>
/// Equation  x = p/2^q is halved until it is below 2⁻⁸; of that Σ (−x)^i/i!; squared as often as it was halved
/// Range     the result is floor-like: |result − 2^bits·e^(−x)| ≤ 1. 64 more bits are kept, of which h squarings of t terms lose log2(t) + h + 1
/// Cost      some microseconds: asked once in 2⁴⁴ draws, and once a process for the thresholds
/// </remarks>
internal static class ExactExponential
{
    private const int GuardBits = 64, SmallBits = 8;

    /// <summary>2^bits · e^(−p/2^q), to within 1.</summary>
    /// <param name="p">From 0.</param>
    /// <param name="q">From 0.</param>
    /// <param name="bits">How many.</param>
    public static BigInteger Scaled(BigInteger p, int q, int bits)
    {
        if (p.IsZero) return BigInteger.One << bits;
        int width = bits + GuardBits, halvings = Math.Max(0, (int)p.GetBitLength() - q + SmallBits);
        int shift = width - q - halvings;
        BigInteger x = shift >= 0 ? p << shift : p >> -shift, sum = BigInteger.One << width, term = sum;
        for (int i = 1; !term.IsZero; i++)
        {
            term = ((term * x) >> width) / i;
            sum += i % 2 == 1 ? -term : term;
        }
        for (int i = 0; i < halvings; i++) sum = (sum * sum) >> width;
        return sum >> GuardBits;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Privacy;

/// <summary>Whole numbers of the discrete Gaussian distribution whose parameter σ is a power of two, drawn exactly.</summary>
/// <remarks>
/// Equation   P(n) = e^(−n²/2σ²) / Σ e^(−m²/2σ²) over all whole m. Drawn: k ≥ 0 with P(k) ∝ e^(−k²/2), a sign, j uniform below σ;
///            accepted with e^(−y), y = j(2kσ + j)/2σ²; −0 is drawn anew; n = ±(kσ + j)
/// Guarantee  D_α(n ‖ n + μ) ≤ αμ²/2σ² for whole μ: no more than of the continuous Gaussian (Canonne et al., proposition 5)
/// Range      exact: a uniform number of 64 bits decides by bounds of e^(−y) that hold; where they do not decide, more of its bits are drawn and
///            e^(−y) is computed in whole numbers until they do. No floating-point number reaches the result
/// Source     Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020; Karney, "Sampling Exactly from the
///            Normal Distribution", ACM TOMS 42 (2016), algorithm D
/// </remarks>
internal sealed class DiscreteGaussian
{
    /// <summary>The largest power: y is then a double without rounding.</summary>
    public const int BitsMax = 24;

    private const int HeadBits = 63 - BitsMax, WordBits = 64;

    /// <summary>Far above the rounding of a bound's few operations, and of <see cref="StableMath.Exp(double)"/>.</summary>
    private const double Margin = 1e-14, Sixth = 1.0 / 6;

    private static readonly ulong[] s_heads = [.. Thresholds(2 * WordBits).Select(threshold => (ulong)(threshold >> ((2 * WordBits) - HeadBits)))];

    private readonly int _bits;
    private readonly double _yUnit;

    /// <summary>The distribution with σ = 2^bits.</summary>
    /// <param name="bits">From 0 to <see cref="BitsMax"/>.</param>
    public DiscreteGaussian(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bits, (uint)BitsMax, nameof(bits));
        (_bits, _yUnit) = (bits, Math.ScaleB(1, -(2 * bits) - 1));
    }

    /// <summary>Draws numbers one after another; takes 2 words for each of 1.4 trials a number.</summary>
    /// <remarks>Cost  no branch that a processor cannot foresee: a trial that fails is written over by the next</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Span<long> numbers, ref SecretWords words)
    {
        (ulong first, ulong second, ulong third) = (s_heads[0], s_heads[1], s_heads[2]);
        for (int drawn = 0; drawn < numbers.Length;)
        {
            (ulong word, ulong uniform) = words.NextPair();
            ulong head = word >> (WordBits - HeadBits);
            long j = (long)(word & ((1UL << _bits) - 1)), k = (head > first ? 1 : 0) + (head > second ? 1 : 0), sign = (long)((word >> BitsMax) & 1);
            double u = (uniform >> 11) * (1.0 / (1L << 53)), y = j * ((k << (_bits + 1)) + j) * _yUnit;
            double low = 1 - (y * (1 - (y * (0.5 - (y * Sixth)))));       // the alternating series ends below e^(−y) here, and above it a term later
            bool accepted = u < low - Margin, refused = u > low + (y * y * y * y * (Sixth / 4)) + Margin;
            if ((head == first) | (head == second) | (head >= third) | !(accepted | refused) | ((j | k) == 0))
                (k, accepted) = Settle(word, uniform, ref words);
            long magnitude = (k << _bits) + j;
            numbers[drawn] = (magnitude ^ -sign) + sign;
            drawn += accepted ? 1 : 0;
        }
    }

    /// <summary>A trial whose two words do not decide it at once.</summary>
    private (long Multiple, bool Accepted) Settle(ulong word, ulong uniform, ref SecretWords words)
    {
        long j = (long)(word & ((1UL << _bits) - 1)), k = DrawMultiple(word >> (WordBits - HeadBits), ref words);
        bool minusZero = ((word >> BitsMax) & 1) == 1 && k == 0 && j == 0;
        return (k, Accepts(j * ((k << (_bits + 1)) + j), uniform, ref words) && !minusZero);
    }

    /// <summary>k with probability ∝ e^(−k²/2), by the first bits of a uniform number.</summary>
    private static long DrawMultiple(ulong head, ref SecretWords words)
    {
        int k = 0;
        while (k < s_heads.Length && head > s_heads[k]) k++;
        return k < s_heads.Length && head < s_heads[k] ? k : DrawMultipleExactly(head, ref words);
    }

    private static int DrawMultipleExactly(BigInteger uniform, ref SecretWords words)
    {
        for (int bits = HeadBits; ;)
        {
            (uniform, bits) = ((uniform << WordBits) | words.Next(), bits + WordBits);
            List<BigInteger> thresholds = Thresholds(bits);
            int k = thresholds.FindIndex(threshold => uniform < threshold + 1);
            if (k >= 0 && uniform + 1 < thresholds[k]) return k;
        }
    }

    /// <summary>True with probability e^(−y), y = whole/2^(2·bits + 1).</summary>
    private bool Accepts(long whole, ulong uniform, ref SecretWords words)
    {
        double u = (uniform >> 11) * (1.0 / (1L << 53)), power = StableMath.Exp(-whole * _yUnit);
        return Math.Abs(u - power) > Margin ? u < power : AcceptsExactly(uniform, whole, ref words);
    }

    private bool AcceptsExactly(BigInteger uniform, long whole, ref SecretWords words)
    {
        for (int bits = WordBits; ;)
        {
            (uniform, bits) = ((uniform << WordBits) | words.Next(), bits + WordBits);
            BigInteger power = ExactExponential.Scaled(whole, (2 * _bits) + 1, bits);
            if (uniform + 1 < power) return true;
            if (uniform > power + 1) return false;
        }
    }

    /// <summary>2^bits · P(at most k), to within 1, for all k whose probability shows in so many bits.</summary>
    private static List<BigInteger> Thresholds(int bits)
    {
        int wide = bits + WordBits;
        List<BigInteger> sums = [];
        BigInteger sum = BigInteger.Zero;
        for (int k = 0; ; k++)
        {
            BigInteger power = ExactExponential.Scaled((long)k * k, 1, wide);
            if (power <= 1) break;
            sums.Add(sum += power);
        }
        return [.. sums.Select(part => (part << bits) / sum)];
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Privacy;

/// <summary>Whole numbers of the discrete Gaussian distribution whose parameter σ is a power of two, drawn exactly.</summary>
/// <remarks>
/// Equation   P(n) = ρ(n) / Σ ρ(m) over all whole m, ρ(n) = e^(−n²/2σ²)
/// Draw       13 bits of a word choose one of 2¹³ tiles (<see cref="GaussianTiles"/>), its low bits one of the tile's W numbers. A tile that is whole below the curve
///            gives its number at once; of one that the curve crosses, at layer l, the number counts if (l + u)/H &lt; ρ(n) with u uniform in [0, 1); one of the tail
///            draws block k with probability 2^(−k−1) and one of its B numbers, which counts if (l + u)·W/2BH·2⁻ᵏ &lt; ρ(n), l below t. What does not count, and a choice of
///            no tile, is drawn anew
/// Proof      A choice has probability 2⁻¹³/W for each tile and number. It gives n by a bin with probability 2⁻¹³/W · (c + Σ of max(0, min(1, H·ρ(n) − l)) over the
///            layers l ≥ c up to the highest), c the layers that are whole; these cover the curve, so that the bracket is H·ρ(n). It gives n in block k of the tail, of t tiles
///            on its side, with probability t·2⁻¹³ · 2^(−k−1)/B · ρ(n)·2BH·2ᵏ/tW, as ρ(n) is at most the block's height: again 2⁻¹³/W · H·ρ(n).
///            So every n comes with a probability proportional to ρ(n), and so it stays when the rest is drawn anew (rejection). Bins, tail and their mirror images hold
///            every whole number once. Choices are independent, as they are of words that are used once
/// Guarantee  D_α(n ‖ n + μ) ≤ αμ²/2σ² for whole μ: no more than of the continuous Gaussian (Canonne et al., proposition 5)
/// Range      exact: u is compared by its first 64 bits in double precision with a bound of all rounding; where that does not decide, more of its bits are drawn
///            and ρ(n) is computed in whole numbers until they do. No floating-point number reaches the result. A number of more than 32 bits,
///            of probability below 2⁻⁴⁰⁰, is an error
/// Cost       19 of 20 numbers are decided by their word alone
/// Source     Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020; Buchmann et al., "Discrete Ziggurat", SAC 2013
/// </remarks>
internal sealed class DiscreteGaussian
{
    /// <summary>The largest power: a tile's index and a number within it are one word of 32 bits.</summary>
    public const int BitsMax = 24;

    private const int TileShift = 32 - GaussianTiles.IndexBits, WordBits = 64, GuardBits = 16, OpenAtOnce = 256;

    /// <summary>Far above what double precision rounds: y to 4·10⁻¹⁵, its power to 2·10⁻¹⁴ of itself, a layer and u to 5·10⁻¹³.</summary>
    private const double Margin = 1e-12;

    /// <summary>Exponents beyond this are left to whole numbers.</summary>
    private const double ExponentMax = 64;

    private readonly GaussianTiles _tiles;
    private readonly int _exponentBits;
    private readonly double _unit;

    /// <summary>The distribution with σ = 2^bits.</summary>
    /// <param name="bits">From 0 to <see cref="BitsMax"/>.</param>
    public DiscreteGaussian(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bits, (uint)BitsMax, nameof(bits));
        (_tiles, _exponentBits) = (new GaussianTiles(bits), (2 * bits) + 1);
        _unit = Math.ScaleB(1, -_exponentBits);
    }

    /// <summary>Draws a number of each word, in this order, and where that does not decide, of further words.</summary>
    /// <param name="draws">[n], random.</param>
    /// <param name="numbers">[n], overwritten.</param>
    /// <param name="more">The further words.</param>
    /// <exception cref="OverflowException">A number has more than 32 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public void Fill(ReadOnlySpan<uint> draws, Span<int> numbers, ref SecretWords more)
    {
        numbers = numbers[..draws.Length];
        Span<int> open = stackalloc int[OpenAtOnce];
        for (int first = 0; first < draws.Length; first += OpenAtOnce)
        {
            int length = Math.Min(OpenAtOnce, draws.Length - first), count = FillWhole(draws.Slice(first, length), numbers.Slice(first, length), open);
            foreach (int i in open[..count]) numbers[first + i] = Settle(draws[first + i], ref more);
        }
    }

    /// <summary>Takes each draw for one of a whole tile, and lists those that are not.</summary>
    private int FillWhole(ReadOnlySpan<uint> draws, Span<int> numbers, Span<int> open)
    {
        ref sbyte bins = ref MemoryMarshal.GetReference(_tiles.Bins);
        uint border = (uint)_tiles.Whole << TileShift, within = (1u << _tiles.WidthBits) - 1;
        int widthBits = _tiles.WidthBits, count = 0;
        for (int i = 0; i < draws.Length; i++)
        {
            uint draw = draws[i];
            numbers[i] = (Unsafe.Add(ref bins, (nint)(draw >> TileShift)) << widthBits) + (int)(draw & within);
            open[count] = i;
            count += draw >= border ? 1 : 0;
        }
        return count;
    }

    private int Settle(uint draw, ref SecretWords more)
    {
        for (; ; draw = (uint)more.Next())
        {
            int tile = (int)(draw >> TileShift);
            if (tile >= _tiles.Count) continue;
            long number = ((long)_tiles.Bins[tile] << _tiles.WidthBits) + (draw & ((1u << _tiles.WidthBits) - 1));
            if (tile < _tiles.Whole) return (int)number;
            int power = 0;
            if (tile >= _tiles.Crossed) (number, power) = DrawTail(_tiles.Bins[tile], ref more);
            if (Accepts(number, _tiles.LayerOf(tile), power, more.Next(), ref more)) return checked((int)number);
        }
    }

    /// <summary>A number of block k with probability 2^(−k−1)/B each; its layers are 2^−power tiles high.</summary>
    private (long Number, int Power) DrawTail(int sign, ref SecretWords more)
    {
        int block = 0;
        ulong word = more.Next();
        for (; word == 0; word = more.Next()) block += WordBits;
        block += BitOperations.LeadingZeroCount(word);
        long magnitude = _tiles.TailStart + ((long)block << _tiles.BlockBits) + (long)(more.Next() & ((1UL << _tiles.BlockBits) - 1));
        return (magnitude ^ sign, block + 1 + _tiles.BlockBits - _tiles.WidthBits);
    }

    /// <summary>Whether (layer + u)·2^−power &lt; H·ρ(number), where the first bits of u are given.</summary>
    private bool Accepts(long number, int layer, int power, ulong uniform, ref SecretWords more)
    {
        double exponent = (double)number * number * _unit;
        if (exponent < ExponentMax)
        {
            double height = Math.ScaleB(_tiles.Height * StableMath.Exp(-exponent), power), place = layer + ((uniform >> 11) * (1.0 / (1L << 53)));
            if (Math.Abs(place - height) > Margin * (height + 1)) return place < height;
        }
        return AcceptsExactly(number, layer, power, uniform, ref more);
    }

    private bool AcceptsExactly(long number, int layer, int power, ulong uniform, ref SecretWords more)
    {
        BigInteger place = ((BigInteger)layer << WordBits) | uniform;
        for (int bits = WordBits; ; bits += WordBits, place = (place << WordBits) | more.Next())
        {
            BigInteger curve = ExactExponential.Scaled((BigInteger)number * number, _exponentBits, bits + power + GuardBits);
            if ((place + 1) << GuardBits <= (curve - 1) * _tiles.Height) return true;
            if (place << GuardBits >= (curve + 1) * _tiles.Height) return false;
        }
    }
}

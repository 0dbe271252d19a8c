using System.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>Equal tiles that cover the curve e^(−n²/2σ²), σ a power of two, for <see cref="DiscreteGaussian"/> to draw from.</summary>
/// <remarks>
/// Equation  a tile is W neighbouring numbers wide and 1/H high, W = max(1, σ/32). Over the bin [iW, (i + 1)W) and its mirror image [−(i + 1)W, −iW),
///           iW &lt; 4σ, stand the tiles of the layers [l/H, (l + 1)/H), l from 0: whole below the curve for l &lt; ⌊H·ρ((i + 1)W)⌋, crossed by it up to
///           ⌈H·ρ(iW)⌉, with ρ(x) = e^(−x²/2σ²). The numbers from 4σ on, and the mirror image, have t tiles together:
///           block k of B = max(1, σ/4) numbers is 2⁻ᵏ·t·W/2BH high, which is above the curve
/// Range     H is the largest with at most 2¹³ tiles. ρ is taken in whole numbers of 128 bits and moved by its error, down below the curve and up above
///           it, so that a tile that is called whole is, and what the tiles do not cover is nothing
/// Source    Marsaglia, Tsang, "The Ziggurat Method for Generating Random Variables", J. Statistical Software 5 (2000); Buchmann, Cabarcas, Göpfert,
///           Hülsing, Weiden, "Discrete Ziggurat", SAC 2013
/// </remarks>
internal sealed class GaussianTiles
{
    /// <summary>Bits that name a tile.</summary>
    public const int IndexBits = 13;

    private const int Precision = 128, BinBitsMax = 5, TailDeviations = 4, TailBlockBits = 2;

    private readonly sbyte[] _bins = new sbyte[1 << IndexBits];
    private readonly short[] _layers = new short[1 << IndexBits];

    /// <summary>The tiles of σ = 2^bits.</summary>
    /// <param name="bits">From 0.</param>
    public GaussianTiles(int bits)
    {
        (WidthBits, BlockBits) = (Math.Max(0, bits - BinBitsMax), Math.Max(0, bits - TailBlockBits));
        TailStart = (long)TailDeviations << bits;
        BigInteger[] curve = new BigInteger[(TailStart >> WidthBits) + 1];
        for (int i = 0; i < curve.Length; i++)
        {
            BigInteger edge = (BigInteger)i << WidthBits;
            curve[i] = ExactExponential.Scaled(edge * edge, (2 * bits) + 1, Precision);
        }
        Height = LargestHeight(curve);
        Lay(curve);
    }

    /// <summary>log₂ W.</summary>
    public int WidthBits { get; }

    /// <summary>log₂ B.</summary>
    public int BlockBits { get; }

    /// <summary>4σ.</summary>
    public long TailStart { get; }

    /// <summary>H: how many layers of tiles are as high as the curve at 0.</summary>
    public int Height { get; }

    /// <summary>How many tiles, from the first, lie whole below the curve.</summary>
    public int Whole { get; private set; }

    /// <summary>Up to where tiles are crossed by the curve; behind them come those of the tail.</summary>
    public int Crossed { get; private set; }

    /// <summary>How many tiles there are.</summary>
    public int Count { get; private set; }

    /// <summary>[2¹³]: the bin of each tile, −i − 1 for the mirror image of bin i; of the tail 0 or −1.</summary>
    public ReadOnlySpan<sbyte> Bins => _bins;

    /// <summary>The layer of a tile; in the tail its number among the t.</summary>
    public int LayerOf(int tile) => _layers[tile];

    private int LargestHeight(BigInteger[] curve)
    {
        int low = 1, high = 1 << IndexBits;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (CountAt(curve, middle) <= 1 << IndexBits) low = middle;
            else high = middle;
        }
        return low;
    }

    private int CountAt(BigInteger[] curve, int height) => 2 * (Enumerable.Range(0, curve.Length - 1).Sum(i => Ceiling(curve[i], height)) + TailCount(curve, height));

    /// <summary>t ≥ 2B·H·ρ(4σ)/W.</summary>
    private int TailCount(BigInteger[] curve, int height) => Ceiling(curve[^1], height << (1 + BlockBits - WidthBits));

    private static int Floor(BigInteger power, int height) => (int)(((power - 1) * height) >> Precision);

    private static int Ceiling(BigInteger power, int height) => (int)((((power + 1) * height) >> Precision) + 1);

    private void Lay(BigInteger[] curve)
    {
        int bins = curve.Length - 1;
        for (int i = 0; i < bins; i++) Lay(i, 0, Floor(curve[i + 1], Height));
        Whole = Count;
        for (int i = 0; i < bins; i++) Lay(i, Floor(curve[i + 1], Height), Ceiling(curve[i], Height));
        Crossed = Count;
        Lay(0, 0, TailCount(curve, Height));
    }

    private void Lay(int bin, int from, int to)
    {
        foreach (int side in (ReadOnlySpan<int>)[bin, ~bin])
            for (int layer = from; layer < to; layer++) (_bins[Count], _layers[Count++]) = ((sbyte)side, (short)layer);
    }
}

using System.Numerics;

namespace Cluster.Ml.Trees.Growth;

/// <summary>Numbers of a known range as whole multiples of a power of two, so small that a sum over all rows is exact.</summary>
/// <remarks>
/// Equation  q(x) = round((x − centre) / unit),  unit = 2^e with |q|·rows ≤ 2⁵²
/// Range     error at most half a unit: 2⁻⁴⁰ of the range at 4,096 rows, 2⁻³¹ at two million
/// </remarks>
internal readonly record struct FixedPoint(double Centre, double Unit, double Most)
{
    private const int Bits = 52;
    private const int LeastExponent = -1022;

    /// <summary>For numbers in [low, high].</summary>
    public static FixedPoint Of(double low, double high, double rows)
    {
        double centre = (low / 2) + (high / 2), half = Math.Max(centre - low, high - centre);
        return About(centre, half, rows);
    }

    /// <summary>For numbers at most so far from a centre; what is farther is taken for that far.</summary>
    public static FixedPoint About(double centre, double half, double rows)
    {
        int bits = Bits - BitOperations.Log2((ulong)Math.Max(1, rows)) - 1;
        if (half == 0) return new FixedPoint(centre, 1, 0);
        double unit = Math.ScaleB(1, Math.Max(LeastExponent, Math.ILogB(half) + 1 - bits));
        return new FixedPoint(centre, unit, Math.Ceiling(half / unit));
    }

    public double ToUnits(double value) => Math.Clamp(Math.Round((value - Centre) / Unit), -Most, Most);

    /// <summary>The mean that a sum of units stands for.</summary>
    public double MeanOf(double sum, double rows) => Centre + (sum / rows * Unit);
}

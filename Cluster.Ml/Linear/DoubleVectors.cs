using System.Runtime.Intrinsics;

namespace Cluster.Ml.Linear;

/// <summary>Vector operations in double precision with one fixed order of rounding, whatever the processor.</summary>
internal static class DoubleVectors
{
    /// <summary>y += a·x, one fused multiply-add an element.</summary>
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        Vector256<double> factor = Vector256.Create(a);
        int i = 0;
        for (; i + Vector256<double>.Count <= x.Length; i += Vector256<double>.Count)
            Vector256.FusedMultiplyAdd(factor, Vector256.Create(x.Slice(i, 4)), Vector256.Create(y.Slice(i, 4))).CopyTo(y[i..]);
        for (; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(a, x[i], y[i]);
    }

    /// <summary>Σ xᵢyᵢ: lane j sums i ≡ j (mod 8) in order, then ((0+4)+(2+6)) + ((1+5)+(3+7)).</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        (Vector256<double> low, Vector256<double> high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        int i = 0;
        for (; i + 8 <= x.Length; i += 8)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.Create(x.Slice(i, 4)), Vector256.Create(y.Slice(i, 4)), low);
            high = Vector256.FusedMultiplyAdd(Vector256.Create(x.Slice(i + 4, 4)), Vector256.Create(y.Slice(i + 4, 4)), high);
        }
        Span<double> lanes = stackalloc double[8];
        low.CopyTo(lanes);
        high.CopyTo(lanes[4..]);
        for (int lane = 0; i < x.Length; i++, lane++) lanes[lane] = Math.FusedMultiplyAdd(x[i], y[i], lanes[lane]);
        return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }

    /// <summary>Whether every number is finite.</summary>
    public static bool AllFinite(ReadOnlySpan<double> numbers)
    {
        foreach (double number in numbers)
            if (!double.IsFinite(number)) return false;
        return true;
    }
}

using System.Runtime.Intrinsics;

namespace Cluster.Ml.Clustering;

/// <summary>From double to single precision.</summary>
internal static class FloatVectors
{
    /// <summary>y = x, each rounded once; returns Σ xᵢ² in some order.</summary>
    /// <param name="x">[n].</param>
    /// <param name="y">[n], overwritten.</param>
    public static double Narrow(ReadOnlySpan<double> x, Span<float> y)
    {
        (Vector256<double> low, Vector256<double> high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        int i = 0;
        for (; i + 8 <= x.Length; i += 8)
        {
            (Vector256<double> a, Vector256<double> b) = (Vector256.Create(x.Slice(i, 4)), Vector256.Create(x.Slice(i + 4, 4)));
            Vector256.Narrow(a, b).CopyTo(y[i..]);
            low = Vector256.FusedMultiplyAdd(a, a, low);
            high = Vector256.FusedMultiplyAdd(b, b, high);
        }
        double squares = Vector256.Sum(low + high);
        for (; i < x.Length; i++)
        {
            y[i] = (float)x[i];
            squares += x[i] * x[i];
        }
        return squares;
    }
}

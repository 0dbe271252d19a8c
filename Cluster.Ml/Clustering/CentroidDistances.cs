using System.Runtime.Intrinsics;

namespace Cluster.Ml.Clustering;

/// <summary>Squared distances from a row to many centroids.</summary>
/// <remarks>
/// Equation  dᵢ² = Σ_f (x_f − c_if)², one fused multiply-add a feature, in feature order
/// Shapes    centroids are held feature by feature, [features, count rounded up to 8], so that lanes are centroids and no sum crosses lanes
/// Range     the same bits at every vector width; never negative
/// </remarks>
internal sealed class CentroidDistances(int countMax, int features)
{
    private const int Lanes = 8;
    private readonly double[] _columns = new double[Padded(countMax) * features];
    private readonly double[] _distances = new double[Padded(countMax)];
    private int _count, _stride;

    /// <summary>Arranges centroids, [count, features] row-major.</summary>
    public void Set(ReadOnlySpan<double> centroids, int count)
    {
        (_count, _stride) = (count, Padded(count));
        _columns.AsSpan().Clear();
        for (int c = 0; c < count; c++)
            for (int f = 0; f < features; f++) _columns[(f * _stride) + c] = centroids[(c * features) + f];
    }

    /// <summary>The nearest centroid, the first of equals, and the squared distance to it.</summary>
    public (int Cluster, double Squared) Nearest(ReadOnlySpan<double> x)
    {
        for (int first = 0; first < _stride; first += Lanes) Measure(x, first);
        (int best, double least) = (0, _distances[0]);
        for (int c = 1; c < _count; c++)
            if (_distances[c] < least) (best, least) = (c, _distances[c]);
        return (best, least);
    }

    private void Measure(ReadOnlySpan<double> x, int first)
    {
        (Vector256<double> low, Vector256<double> high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        ref double column = ref _columns[first];
        for (int f = 0; f < x.Length; f++)
        {
            Vector256<double> value = Vector256.Create(x[f]);
            Vector256<double> a = value - Vector256.LoadUnsafe(ref column, (nuint)(f * _stride));
            Vector256<double> b = value - Vector256.LoadUnsafe(ref column, (nuint)((f * _stride) + 4));
            low = Vector256.FusedMultiplyAdd(a, a, low);
            high = Vector256.FusedMultiplyAdd(b, b, high);
        }
        low.CopyTo(_distances, first);
        high.CopyTo(_distances, first + 4);
    }

    private static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;
}

using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Clustering;

/// <summary>The nearest of many centroids, and the squared distance to it.</summary>
/// <remarks>
/// Equation   d² = Σ_f (x_f − c_f)², as <see cref="Squared"/> sums it; the nearest centroid has the least, of equals it is the first
/// Shapes     centroids [count, features]
/// Range      the same bits at every vector width, and whether rows come alone or in blocks; never negative
/// Complexity a block of rows is compared by one product in single precision, ½‖c‖² − x·c, which errs by at most E·‖x‖·‖c‖, E = (features + 4)·2⁻²⁴.
///            Centroids within twice that of the least are compared again by d² in double precision. So the product decides which distances need
///            no computing, and never which centroid is nearest
/// Source     Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., § 3.1 (the bound of an inner product)
/// </remarks>
internal sealed class CentroidDistances(int countMax, int features)
{
    // Fewer multiplications than these are done at once in double precision.
    private const int FeaturesMin = 16, CountMin = 3;

    // Lengths between these keep products of floats far from where they overflow, or lose digits below the least normal number.
    private const double NormMin = 1e-12, NormMax = 1e12;

    private readonly double[] _centroids = new double[countMax * features];
    private readonly double[] _halfSquares = new double[countMax];
    private readonly GemmWorkspace _workspace = new();
    private float[] _columns = [], _products = [];
    private double _longest;
    private int _count;

    private bool IsFiltered => features >= FeaturesMin && _count >= CountMin && _longest is >= NormMin and <= NormMax && features < 1 << 17;

    /// <summary>Takes over centroids, [count, features] row-major.</summary>
    public void Set(ReadOnlySpan<double> centroids, int count)
    {
        _count = count;
        centroids[..(count * features)].CopyTo(_centroids);
        double largest = 0;
        for (int c = 0; c < count; c++)
        {
            ReadOnlySpan<double> centroid = CentroidOf(c);
            double square = Linear.DoubleVectors.Dot(centroid, centroid);
            _halfSquares[c] = square / 2;
            largest = Math.Max(largest, square);
        }
        _longest = Math.Sqrt(largest);
        if (!IsFiltered) return;
        if (_columns.Length == 0) (_columns, _products) = (new float[countMax * features], new float[countMax * RowBlock.RowsMax]);
        for (int c = 0; c < count; c++)
            for (int f = 0; f < features; f++) _columns[(f * count) + c] = (float)_centroids[(c * features) + f];
    }

    /// <summary>The squared distance to one centroid: lane j sums features f ≡ j (mod 16) in order, then halves are added to halves.</summary>
    public double Squared(ReadOnlySpan<double> x, int centroid)
    {
        ReadOnlySpan<double> c = CentroidOf(centroid);
        Vector256<double> s0 = Vector256<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
        int f = 0;
        for (; f + 16 <= x.Length; f += 16)
        {
            Vector256<double> d0 = Vector256.Create(x.Slice(f, 4)) - Vector256.Create(c.Slice(f, 4)), d1 = Vector256.Create(x.Slice(f + 4, 4)) - Vector256.Create(c.Slice(f + 4, 4));
            Vector256<double> d2 = Vector256.Create(x.Slice(f + 8, 4)) - Vector256.Create(c.Slice(f + 8, 4)), d3 = Vector256.Create(x.Slice(f + 12, 4)) - Vector256.Create(c.Slice(f + 12, 4));
            s0 = Vector256.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector256.FusedMultiplyAdd(d1, d1, s1);
            s2 = Vector256.FusedMultiplyAdd(d2, d2, s2);
            s3 = Vector256.FusedMultiplyAdd(d3, d3, s3);
        }
        Span<double> lanes = stackalloc double[16];
        s0.CopyTo(lanes);
        s1.CopyTo(lanes[4..]);
        s2.CopyTo(lanes[8..]);
        s3.CopyTo(lanes[12..]);
        for (int lane = 0; f < x.Length; f++, lane++)
        {
            double difference = x[f] - c[f];
            lanes[lane] = Math.FusedMultiplyAdd(difference, difference, lanes[lane]);
        }
        for (int half = 8; half > 0; half /= 2)
            for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
        return lanes[0];
    }

    /// <summary>The nearest centroid, the first of equals, and the squared distance to it.</summary>
    public (int Cluster, double Squared) Nearest(ReadOnlySpan<double> x)
    {
        (int nearest, double least) = (0, Squared(x, 0));
        for (int c = 1; c < _count; c++)
            if (Squared(x, c) is var squared && squared < least) (nearest, least) = (c, squared);
        return (nearest, least);
    }

    /// <summary>The same of every row of a block.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="clusters">[rows], overwritten.</param>
    /// <param name="squared">[rows], overwritten.</param>
    public void Nearest(RowBlock rows, Span<int> clusters, Span<double> squared)
    {
        bool filtered = IsFiltered;
        if (filtered)
            MatrixProduct.Multiply(new MatrixView<float>(rows.Floats, rows.Count, features), new MatrixView<float>(_columns, features, _count), _products, _workspace);
        for (int row = 0; row < rows.Count; row++)
            (clusters[row], squared[row]) = filtered && rows.Norms[row] is >= NormMin and <= NormMax and var norm
                ? Nearest(rows[row], _products.AsSpan(row * _count, _count), MarginOf(norm))
                : Nearest(rows[row]);
    }

    private (int Cluster, double Squared) Nearest(ReadOnlySpan<double> x, ReadOnlySpan<float> products, double margin)
    {
        double bound = double.PositiveInfinity;
        for (int c = 0; c < products.Length; c++) bound = Math.Min(bound, _halfSquares[c] - products[c]);
        bound += margin;
        (int nearest, double least) = (-1, double.PositiveInfinity);
        for (int c = 0; c < products.Length; c++)
            if (_halfSquares[c] - products[c] <= bound && Squared(x, c) is var squared && (squared < least || nearest < 0)) (nearest, least) = (c, squared);
        return (nearest, least);
    }

    // By how much half of one squared distance may seem to be above another that it is below: twice the product's error, and what doubles lose.
    private double MarginOf(double norm)
    {
        const double half = 1.0 / (1 << 24), slack = 1.02, doubles = 1.0 / (1L << 50);
        double both = norm + _longest;
        return (2 * slack * (features + 4) * half * norm * _longest) + ((features + 8) * doubles * both * both);
    }

    private ReadOnlySpan<double> CentroidOf(int c) => _centroids.AsSpan(c * features, features);
}

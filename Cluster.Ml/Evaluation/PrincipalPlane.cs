using Cluster.Ml.Numerics;

namespace Cluster.Ml.Evaluation;

/// <summary>The plane on which rows are spread widest: a chart on it shows most of them.</summary>
/// <param name="Mean">[d].</param>
/// <param name="Axes">[2, d], of length 1 and perpendicular; zeros if the rows are spread along fewer.</param>
/// <param name="Shares">[2], which share of the rows' variance lies along each.</param>
/// <remarks>
/// Equation  the first two eigenvectors v of XᵀX, X centred rows; of fewer rows than columns v = Xᵀu / ‖Xᵀu‖, u of XXᵀ
/// Range     the element of largest magnitude of each axis is positive; axes are not unique where variances are equal
/// Cost      O(min(n, d)³ + n·d·min(n, d))
/// Source    Jolliffe, Principal Component Analysis (2002), §§ 1.1, 3.5
/// Differs   from model.kind pca, which is trained on a cluster and is a model; this one is for a chart
/// </remarks>
public sealed record PrincipalPlane(double[] Mean, double[] Axes, double[] Shares)
{
    /// <summary>The plane of some rows.</summary>
    /// <param name="rows">[n, columns], finite; at least one.</param>
    /// <param name="columns">d, at least 1.</param>
    /// <exception cref="ArgumentException">There is no row, or the sizes do not fit.</exception>
    public static PrincipalPlane Of(ReadOnlySpan<double> rows, int columns)
    {
        if (columns < 1 || rows.IsEmpty || rows.Length % columns != 0)
            throw new ArgumentException($"PrincipalPlane: wanted rows of {columns} numbers, got {rows.Length} numbers.", nameof(rows));
        int count = rows.Length / columns;
        double[] centred = rows.ToArray(), mean = new double[columns];
        for (int i = 0; i < centred.Length; i++) mean[i % columns] += centred[i] / count;
        for (int i = 0; i < centred.Length; i++) centred[i] -= mean[i % columns];
        double total = 0;
        foreach (double number in centred) total += number * number;
        PrincipalPlane plane = new(mean, new double[2 * columns], new double[2]);
        if (total > 0) plane.Fill(centred, total);
        return plane;
    }

    /// <summary>A row on the plane.</summary>
    /// <param name="row">[d].</param>
    public (double X, double Y) Of(ReadOnlySpan<double> row) => (Along(0, row, centred: true), Along(1, row, centred: true));

    /// <summary>A covariance on the plane: of x, of both, of y.</summary>
    /// <param name="covariance">[d, d].</param>
    /// <exception cref="ArgumentException">It has another size.</exception>
    public (double X, double Both, double Y) OfCovariance(ReadOnlySpan<double> covariance)
    {
        int columns = Mean.Length;
        if (covariance.Length != columns * columns)
            throw new ArgumentException($"PrincipalPlane: wanted a covariance of {columns} x {columns} numbers, got {covariance.Length}.", nameof(covariance));
        double[] first = new double[columns], second = new double[columns];
        for (int i = 0; i < columns; i++)
            (first[i], second[i]) = (Along(0, covariance.Slice(i * columns, columns), centred: false), Along(1, covariance.Slice(i * columns, columns), centred: false));
        return (Along(0, first, centred: false), Along(1, first, centred: false), Along(1, second, centred: false));
    }

    private void Fill(double[] centred, double total)
    {
        int columns = Mean.Length, count = centred.Length / columns;
        bool byRows = count < columns;
        int order = byRows ? count : columns;
        (double[] values, double[] vectors) = MathLibrary.SymmetricEigen(Products(centred, columns, byRows), order);
        for (int axis = 0; axis < Math.Min(2, order); axis++)
        {
            Shares[axis] = Math.Clamp(values[axis] / total, 0, 1);
            if (values[axis] <= total * 1e-14) continue;      // rounding alone: there is no such axis
            ReadOnlySpan<double> vector = vectors.AsSpan(axis * order, order);
            Span<double> along = Axes.AsSpan(axis * columns, columns);
            if (byRows) Combine(centred, vector, along);
            else vector.CopyTo(along);
        }
    }

    private static double[] Products(double[] centred, int columns, bool byRows)
    {
        int count = centred.Length / columns, order = byRows ? count : columns;
        double[] products = new double[order * order];
        for (int i = 0; i < order; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                if (byRows) for (int f = 0; f < columns; f++) sum += centred[(i * columns) + f] * centred[(j * columns) + f];
                else for (int row = 0; row < centred.Length; row += columns) sum += centred[row + i] * centred[row + j];
                products[(i * order) + j] = products[(j * order) + i] = sum;
            }
        return products;
    }

    private static void Combine(double[] centred, ReadOnlySpan<double> weights, Span<double> along)
    {
        for (int row = 0; row < weights.Length; row++)
            for (int f = 0; f < along.Length; f++) along[f] += weights[row] * centred[(row * along.Length) + f];
        (double squares, double largest) = (0, 0);
        foreach (double number in along)
        {
            squares += number * number;
            if (Math.Abs(number) > Math.Abs(largest)) largest = number;
        }
        double length = Math.CopySign(Math.Sqrt(squares), largest);
        for (int f = 0; f < along.Length; f++) along[f] /= length;
    }

    private double Along(int axis, ReadOnlySpan<double> row, bool centred)
    {
        double sum = 0;
        for (int f = 0; f < Mean.Length; f++) sum += Axes[(axis * Mean.Length) + f] * (centred ? row[f] - Mean[f] : row[f]);
        return sum;
    }
}

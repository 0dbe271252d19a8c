namespace Cluster.Ml.Linear;

/// <summary>Cholesky factors of a symmetric, positive semidefinite matrix, its lower triangle packed row by row.</summary>
/// <remarks>
/// Equation  A = L·Lᵀ
/// Shapes    [n(n+1)/2]: row i holds columns 0 … i
/// Range     a pivot that is not above <see cref="PivotTolerance"/> of its diagonal element, or above the rounding of a sum over as many rows,
///           marks a direction without curvature: its row is left out, and the solution's element is 0
/// Cost      O(n³/3)
/// Source    Golub and Van Loan, Matrix Computations, § 4.2
/// </remarks>
internal static class PackedCholesky
{
    private const double PivotTolerance = 1e-13;

    public static int Length(int size) => size * (size + 1) / 2;

    public static int Diagonal(int row) => (row * (row + 1) / 2) + row;

    /// <summary>Replaces A, a sum over so many examples, by L; a left-out row has a zero diagonal.</summary>
    public static void Factor(Span<double> matrix, int size, double examples)
    {
        double tolerance = Math.Max(PivotTolerance, 8 * (double.BitIncrement(1) - 1) * Math.Sqrt(examples));
        for (int i = 0; i < size; i++)
        {
            Span<double> row = Row(matrix, i);
            for (int j = 0; j < i; j++)
            {
                Span<double> other = Row(matrix, j);
                row[j] = other[j] == 0 ? 0 : (row[j] - DoubleVectors.Dot(row[..j], other[..j])) / other[j];
            }
            double pivot = row[i] - DoubleVectors.Dot(row[..i], row[..i]);
            if (pivot > tolerance * row[i]) row[i] = Math.Sqrt(pivot);
            else row.Clear();
        }
    }

    /// <summary>Replaces b by the solution of L·Lᵀ·x = b.</summary>
    public static void Solve(Span<double> factor, int size, Span<double> right)
    {
        for (int i = 0; i < size; i++)
        {
            Span<double> row = Row(factor, i);
            right[i] = row[i] == 0 ? 0 : (right[i] - DoubleVectors.Dot(row[..i], right[..i])) / row[i];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            Span<double> row = Row(factor, i);
            right[i] = row[i] == 0 ? 0 : right[i] / row[i];
            DoubleVectors.AddScaled(-right[i], row[..i], right[..i]);
        }
    }

    private static Span<double> Row(Span<double> matrix, int i) => matrix.Slice(i * (i + 1) / 2, i + 1);
}

namespace Cluster.Ml.Linear;

/// <summary>Least squares with L1 and L2 penalties by cyclic coordinate descent on the triangular factor.</summary>
/// <remarks>
/// Objective    (1/n)‖z − Ab‖² + λ₁Σ|bⱼ| + λ₂Σbⱼ², the first coefficient (the intercept) not penalised
/// Determinism  coordinates in order; ends when no coefficient moves the fit by more than 1e-12 of ‖z‖, or after 100,000 sweeps
/// Complexity   O(m·p) a sweep
/// Source       Friedman, Hastie, Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent",
///              J. Stat. Softw. 33 (2010), § 2.1
/// </remarks>
internal static class LassoDescent
{
    private const int SweepsMax = 100_000;
    private const double MoveTolerance = 1e-12;

    /// <summary>The coefficients.</summary>
    /// <param name="columnMajor">A [columns, rows].</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">p.</param>
    /// <param name="right">z [rows].</param>
    /// <param name="examples">n.</param>
    /// <param name="l1">λ₁.</param>
    /// <param name="l2">λ₂.</param>
    public static double[] Solve(ReadOnlySpan<double> columnMajor, int rows, int columns, ReadOnlySpan<double> right, double examples, double l1, double l2)
    {
        var solution = new double[columns];
        double[] residual = right.ToArray();
        double scale = Math.Sqrt(DoubleVectors.Dot(right, right));
        for (int sweep = 0; sweep < SweepsMax; sweep++)
        {
            double largest = 0;
            for (int j = 0; j < columns; j++)
            {
                ReadOnlySpan<double> column = columnMajor.Slice(j * rows, rows);
                double squares = DoubleVectors.Dot(column, column);
                if (squares == 0) continue;
                double pull = DoubleVectors.Dot(column, residual) + (squares * solution[j]);
                double threshold = j == 0 ? 0 : examples * l1 / 2, weight = squares + (j == 0 ? 0 : examples * l2);
                double next = Math.Abs(pull) <= threshold ? 0 : (pull - Math.CopySign(threshold, pull)) / weight;
                double move = next - solution[j];
                DoubleVectors.AddScaled(-move, column, residual);
                solution[j] = next;
                largest = Math.Max(largest, Math.Abs(move) * Math.Sqrt(squares));
            }
            if (largest <= MoveTolerance * scale) break;
        }
        return solution;
    }
}

namespace Cluster.Ml.Evaluation;

/// <summary>Sums that the quality of a regression is computed from; they add up over parts of a split.</summary>
/// <remarks>
/// Shapes    [rows, Σ(y − ŷ)², Σ(y − c), Σ(y − c)²] with any constant c near the targets, the same for all rows
/// Equation  r2 = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²;  rmse = √(Σ(y − ŷ)² / rows)
/// Range     r2 is NaN, which is to say undefined, if the targets do not differ, as in a single row: by no more than rounding leaves of the sums
/// Differs   from scikit-learn, whose r2 is then 1 or 0: a mean over folds would take that for a figure of the model
/// </remarks>
public static class RegressionSums
{
    /// <summary>How many numbers.</summary>
    public const int Length = 4;

    /// <summary>The figure that is undefined if targets do not differ.</summary>
    public const string R2 = "r2";

    private static readonly double s_epsilon = double.BitIncrement(1) - 1;

    /// <summary>Adds one row.</summary>
    /// <param name="sums">[Length], added to.</param>
    /// <param name="target">y.</param>
    /// <param name="squaredError">(y − ŷ)².</param>
    /// <param name="centre">c: keeps the sums of squares small, so that little is lost in their difference.</param>
    public static void Add(Span<double> sums, double target, double squaredError, double centre)
    {
        double centred = target - centre;
        sums[0]++;
        sums[1] += squaredError;
        sums[2] += centred;
        sums[3] += centred * centred;
    }

    /// <summary>The figures r2 and rmse; none if there are no rows.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums)
    {
        double rows = sums[0], errors = sums[1];
        if (rows == 0) return Metrics.None;
        double spread = sums[3] - (sums[2] * sums[2] / rows);
        double r2 = spread > rows * s_epsilon * sums[3] ? 1 - (errors / spread) : double.NaN;
        return new Metrics([new(R2, r2), new("rmse", Math.Sqrt(errors / rows))]);
    }
}

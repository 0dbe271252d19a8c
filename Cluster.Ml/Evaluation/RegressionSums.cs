namespace Cluster.Ml.Evaluation;

/// <summary>Sums that the quality of a regression is computed from; they add up over parts of a split.</summary>
/// <remarks>
/// Shapes    [rows, Σ(y − ŷ)², Σ(y − c), Σ(y − c)²] with any constant c near the targets' mean, the same for all rows
/// Equation  r2 = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²;  rmse = √(Σ(y − ŷ)² / rows)
/// Range     r2 of constant targets is 1 where every prediction is exact and 0 otherwise, as in scikit-learn
/// </remarks>
public static class RegressionSums
{
    /// <summary>How many numbers.</summary>
    public const int Length = 4;

    /// <summary>Adds one row.</summary>
    /// <param name="sums">[Length], added to.</param>
    /// <param name="target">y.</param>
    /// <param name="prediction">ŷ.</param>
    /// <param name="centre">c: keeps the sums of squares small, so that little is lost in their difference.</param>
    public static void Add(Span<double> sums, double target, double prediction, double centre)
    {
        (double error, double centred) = (target - prediction, target - centre);
        sums[0]++;
        sums[1] += error * error;
        sums[2] += centred;
        sums[3] += centred * centred;
    }

    /// <summary>The figures r2 and rmse; none where there are no rows.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums)
    {
        double rows = sums[0], errors = sums[1];
        if (rows == 0) return Metrics.None;
        double spread = sums[3] - (sums[2] * sums[2] / rows);
        double r2 = spread > 0 ? 1 - (errors / spread) : errors == 0 ? 1 : 0;
        return new Metrics([new("r2", r2), new("rmse", Math.Sqrt(errors / rows))]);
    }
}

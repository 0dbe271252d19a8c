namespace Cluster.Ml.Evaluation;

/// <summary>A point of a curve over thresholds.</summary>
/// <param name="X">False positive rate, recall, or mean score.</param>
/// <param name="Y">True positive rate, precision, or share of rows of the class.</param>
public readonly record struct CurvePoint(double X, double Y);

/// <summary>The receiver operating characteristic of one class against all others, and the area below it.</summary>
/// <param name="Points">(false positive rate, true positive rate), from (0, 0) to (1, 1).</param>
/// <param name="Area">By the trapezoid rule.</param>
/// <remarks>
/// Equation  x = FP / N, y = TP / P at each threshold; area = Σ (xᵢ − xᵢ₋₁)(yᵢ + yᵢ₋₁) / 2
///           = the probability that a row of the class has a higher score than another row, equal scores counting half
/// Range     0 to 1; 0.5 of scores that say nothing; undefined, and null, unless there are rows of the class and others
/// Source    Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006), §§ 5, 7; Hanley and McNeil, Radiology 143 (1982)
/// </remarks>
public sealed record RocCurve(IReadOnlyList<CurvePoint> Points, double Area)
{
    /// <summary>The curve of ranked rows; null if it is undefined.</summary>
    public static RocCurve? Of(RankedScores ranked)
    {
        if (ranked.Positives == 0 || ranked.Negatives == 0) return null;
        CurvePoint[] points = [.. ranked.Steps.Select(step => new CurvePoint((double)step.FalsePositives / ranked.Negatives, (double)step.TruePositives / ranked.Positives))];
        double area = 0;
        for (int i = 1; i < points.Length; i++) area += (points[i].X - points[i - 1].X) * (points[i].Y + points[i - 1].Y) / 2;
        return new RocCurve(points, area);
    }
}

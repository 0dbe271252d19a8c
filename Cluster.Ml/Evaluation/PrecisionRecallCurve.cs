namespace Cluster.Ml.Evaluation;

/// <summary>Precision against recall of one class, and the average precision.</summary>
/// <param name="Points">(recall, precision), from the highest threshold to the lowest; begins at recall 0 with the precision of the first step.</param>
/// <param name="AveragePrecision">The mean of precisions, weighted by how much each adds to recall.</param>
/// <remarks>
/// Equation  precision = TP / (TP + FP), recall = TP / P;  average precision = Σ (recallᵢ − recallᵢ₋₁)·precisionᵢ
/// Range     above 0 to 1; the share of the class for scores that say nothing; undefined, and null, if no row is of the class
/// Source    Davis and Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006; the sum is that of
///           scikit-learn's average_precision_score
/// Differs   from the area by the trapezoid rule, which is too high between points
/// </remarks>
public sealed record PrecisionRecallCurve(IReadOnlyList<CurvePoint> Points, double AveragePrecision)
{
    /// <summary>The curve of ranked rows; null if it is undefined.</summary>
    public static PrecisionRecallCurve? Of(RankedScores ranked)
    {
        if (ranked.Positives == 0) return null;
        List<CurvePoint> points = [];
        (double average, double recall) = (0, 0);
        foreach (ThresholdCounts step in ranked.Steps.Skip(1))
        {
            CurvePoint point = new((double)step.TruePositives / ranked.Positives, (double)step.TruePositives / (step.TruePositives + step.FalsePositives));
            if (points.Count == 0) points.Add(point with { X = 0 });
            points.Add(point);
            average += (point.X - recall) * point.Y;
            recall = point.X;
        }
        return new PrecisionRecallCurve(points, average);
    }
}

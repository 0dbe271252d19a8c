using Cluster.Ml.Evaluation;

namespace Cluster.Coordinator.Reports;

/// <summary>What the scores of one class are worth against all others: two figures, and the points that a chart draws.</summary>
/// <param name="Area">Below the ROC curve; null unless there are rows of the class and others.</param>
/// <param name="AveragePrecision">Null if no row is of the class.</param>
/// <param name="Roc">(false positive rate, true positive rate), thinned; empty if the class is not drawn.</param>
/// <param name="Precision">(recall, precision), thinned; empty if the class is not drawn.</param>
/// <remarks>Cost  16 bytes a row and class while it is computed, then at most <see cref="ReportCharts.PointsMax"/> points a curve, of drawn classes alone</remarks>
internal sealed record ClassCurves(double? Area, double? AveragePrecision, IReadOnlyList<CurvePoint> Roc, IReadOnlyList<CurvePoint> Precision)
{
    /// <summary>The curves of a class.</summary>
    /// <param name="answers">What a model says of rows.</param>
    /// <param name="label">The class.</param>
    /// <param name="drawn">Whether a chart draws it.</param>
    public static ClassCurves Of(SplitAnswers answers, int label, bool drawn)
    {
        RankedScores ranked = RankedScores.Of(answers.ScoresOf(label), [.. answers.Targets.Select(target => (int)target == label)]);
        (RocCurve? roc, PrecisionRecallCurve? precision) = (RocCurve.Of(ranked), PrecisionRecallCurve.Of(ranked));
        return new(roc?.Area, precision?.AveragePrecision, Points(roc?.Points, drawn), Points(precision?.Points, drawn));
    }

    private static IReadOnlyList<CurvePoint> Points(IReadOnlyList<CurvePoint>? points, bool drawn) => drawn && points is not null ? [.. ReportCharts.Thin(points)] : [];
}

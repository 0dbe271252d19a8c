using Cluster.Coordinator.Reports;
using Cluster.Ml.Evaluation;

namespace Cluster.Coordinator.Tests.Reports;

public sealed class ClassCurvesTests
{
    private const int Rows = 5000;

    private static readonly SplitAnswers s_answers = Answers();

    [Fact]
    public void Figures_are_of_all_rows_and_a_drawn_class_keeps_what_a_chart_draws_of_its_curves()
    {
        RankedScores ranked = RankedScores.Of(s_answers.ScoresOf(1), [.. s_answers.Targets.Select(target => target == 1)]);

        ClassCurves curves = ClassCurves.Of(s_answers, 1, drawn: true);

        curves.Area.ShouldBe(RocCurve.Of(ranked)!.Area);
        curves.AveragePrecision.ShouldBe(PrecisionRecallCurve.Of(ranked)!.AveragePrecision);
        foreach (IReadOnlyList<CurvePoint> points in new[] { curves.Roc, curves.Precision }) points.Count.ShouldBeInRange(ReportCharts.PointsMax / 2, ReportCharts.PointsMax + 1);
        (curves.Roc[0], curves.Roc[^1]).ShouldBe((new CurvePoint(0, 0), new CurvePoint(1, 1)));
    }

    [Fact]
    public void Of_a_class_that_is_not_drawn_the_figures_alone_are_kept()
    {
        ClassCurves drawn = ClassCurves.Of(s_answers, 1, drawn: true), other = ClassCurves.Of(s_answers, 1, drawn: false);

        (other.Area, other.AveragePrecision, other.Roc.Count, other.Precision.Count).ShouldBe((drawn.Area, drawn.AveragePrecision, 0, 0));
    }

    [Fact]
    public void A_class_without_rows_has_no_figures()
    {
        ClassCurves none = ClassCurves.Of(s_answers, 2, drawn: true);

        (none.Area, none.AveragePrecision, none.Roc.Count, none.Precision.Count).ShouldBe((null, null, 0, 0));
    }

    /// <summary>Three classes, of which no row is of the last; no score is said twice.</summary>
    private static SplitAnswers Answers()
    {
        double[] targets = new double[Rows], scores = new double[3 * Rows];
        for (int row = 0; row < Rows; row++)
        {
            double score = (row * 7919L % Rows) / (double)Rows;
            targets[row] = score + (row % 3 * 0.2) > 0.7 ? 1 : 0;
            (scores[3 * row], scores[(3 * row) + 1]) = (1 - score, score);
        }
        return new SplitAnswers("test", Rows, default, targets, targets, scores);
    }
}

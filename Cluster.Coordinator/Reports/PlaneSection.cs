using System.Globalization;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Reports;

/// <summary>Training rows by the vectors that a model says of them: the first two coordinates of principal components, a plane of longer codes.</summary>
internal static class PlaneSection
{
    private const int RowsShown = 1000, PlaneWidthMax = 300;

    public static void AppendTo(HtmlText page, SavedModel saved, ILearner learner, PreparedData data, int width)
    {
        if (data.Training.Count == 0 || width is < 2 or > PlaneWidthMax) return;
        RowRange some = data.Training with { Order = data.Training.Order[..Math.Min(data.Training.Count, RowsShown)] };
        SplitAnswers answers = SplitAnswers.Of("training", some, saved, learner, width);
        PrincipalPlane plane = PrincipalPlane.Of(answers.Scores, width);
        page.Heading($"Vectors: {(some.Count < data.Training.Count ? $"the first {some.Count} of {data.Training.Count} training rows" : Counted.Of(some.Count, "training row"))}");
        page.Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"What the model says of rows, along the two directions in which that varies most: {100 * plane.Shares[0]:F1} % and {100 * plane.Shares[1]:F1} % of its variance."));
        page.Markup(ReportCharts.Draw(
            new Chart("vectors of rows", "first direction", "second direction"),
            [new ChartSeries("", Enumerable.Range(0, answers.Count).Select(row => plane.Of(answers.Scores.AsSpan(row * width, width))), IsCloud: true, Shade: 0)]));
    }
}

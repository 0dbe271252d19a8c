using System.Globalization;
using Cluster.Ml.Evaluation;

namespace Cluster.Coordinator.Reports;

/// <summary>What a classifier says of held-out rows: which classes it takes for which, and what its scores are worth.</summary>
internal static class ClassSection
{
    private const int MatrixClassesMax = 30, CurvesMax = 10, ConfusionsShown = 20;

    public static void AppendTo(HtmlText page, SplitAnswers answers, IReadOnlyList<string> classes, bool areProbabilities)
    {
        page.Heading($"Classes: {answers.Words}");
        long[,] confusion = ConfusionOf(answers, classes.Count);
        if (classes.Count <= MatrixClassesMax) AppendMatrix(page, confusion, classes);
        else AppendConfusions(page, confusion, classes);
        int[] shown = ShownOf(confusion, classes.Count);
        ClassCurves[] curves = [.. Enumerable.Range(0, classes.Count).Select(c => ClassCurves.Of(answers, c, drawn: shown.Contains(c)))];
        AppendFigures(page, confusion, classes, curves);
        page.Subheading("Thresholds");
        page.Paragraph(
            "Each class against all others, by its score. The area under the first curve is the probability that a row of the class has a higher score than another row; 0.5 is that of random scores."
            + (shown.Length < classes.Count && classes.Count > 2 ? $" Shown are the {shown.Length} most frequent classes." : ""));
        page.Markup($"<div class=\"beside\">{RocChart(curves, classes, shown)}{PrecisionChart(curves, classes, shown)}</div>");
        if (areProbabilities) AppendCalibration(page, answers);
        else page.Paragraph("The scores of this kind of model are a ranking and no probabilities; there is no calibration to look at.");
    }

    private static long[,] ConfusionOf(SplitAnswers answers, int classes)
    {
        long[,] confusion = new long[classes, classes];
        for (int row = 0; row < answers.Count; row++) confusion[(int)answers.Targets[row], (int)answers.Predictions[row]]++;
        return confusion;
    }

    private static void AppendMatrix(HtmlText page, long[,] confusion, IReadOnlyList<string> classes)
    {
        page.Subheading("Confusion matrix");
        page.Paragraph("Rows are actual classes, columns predicted ones; a darker cell holds a larger share of its row.");
        List<string> lines = [$"<tr><td></td>{string.Concat(classes.Select(name => $"<th scope=\"col\">{HtmlText.Encode(name)}</th>"))}</tr>"];
        for (int actual = 0; actual < classes.Count; actual++)
        {
            long all = RowsOf(confusion, actual, classes.Count);
            lines.Add($"<tr><th scope=\"row\">{HtmlText.Encode(classes[actual])}</th>{string.Concat(Enumerable.Range(0, classes.Count).Select(predicted => Cell(confusion[actual, predicted], all, actual == predicted)))}</tr>");
        }
        page.Markup($"<div class=\"wide\"><table class=\"matrix\">{string.Join('\n', lines)}</table></div>");
    }

    private static string Cell(long count, long all, bool isRight)
    {
        double share = all == 0 ? 0 : (double)count / all;
        string shade = share.ToString("F3", CultureInfo.InvariantCulture), ink = share > 0.6 ? "; color: #fff" : "";
        return $"<td style=\"background: rgba({(isRight ? "20, 90, 160" : "190, 50, 30")}, {shade}){ink}\">{count.ToString(CultureInfo.InvariantCulture)}</td>";
    }

    private static void AppendConfusions(HtmlText page, long[,] confusion, IReadOnlyList<string> classes)
    {
        page.Subheading("Most frequent confusions");
        var pairs = Enumerable.Range(0, classes.Count * classes.Count).Select(pair => (Actual: pair / classes.Count, Predicted: pair % classes.Count))
            .Where(pair => pair.Actual != pair.Predicted && confusion[pair.Actual, pair.Predicted] > 0)
            .OrderByDescending(pair => confusion[pair.Actual, pair.Predicted]).Take(ConfusionsShown);
        page.Table(["actual", "predicted", "rows"], pairs.Select(pair => (IReadOnlyList<string>)[
            classes[pair.Actual], classes[pair.Predicted], confusion[pair.Actual, pair.Predicted].ToString(CultureInfo.InvariantCulture)]));
    }

    private static void AppendFigures(HtmlText page, long[,] confusion, IReadOnlyList<string> classes, ClassCurves[] curves)
    {
        page.Subheading("Figures of each class");
        List<IReadOnlyList<string>> rows = [];
        for (int c = 0; c < classes.Count; c++)
        {
            long actual = RowsOf(confusion, c, classes.Count), said = Enumerable.Range(0, classes.Count).Sum(other => confusion[other, c]);
            long right = confusion[c, c];
            rows.Add([
                classes[c], actual.ToString(CultureInfo.InvariantCulture), Share(right, said), Share(right, actual), Share(2 * right, actual + said),
                ReportPage.Figure(curves[c].Area), ReportPage.Figure(curves[c].AveragePrecision)]);
        }
        if (curves.Average(curve => curve.Area) is { } area && curves.Average(curve => curve.AveragePrecision) is { } average)
            rows.Add(["mean", "", "", "", "", ReportPage.Figure(area), ReportPage.Figure(average)]);
        page.Table(["class", "rows", "precision", "recall", "F1", "area under ROC", "average precision"], rows);
    }

    private static string Share(long part, long all) => all == 0 ? "–" : ReportPage.Figure((double)part / all);

    /// <summary>Of two classes the second says all; of many the most frequent are shown.</summary>
    private static int[] ShownOf(long[,] confusion, int classes) => classes == 2 ? [1]
        : [.. Enumerable.Range(0, classes).OrderByDescending(c => RowsOf(confusion, c, classes)).Take(CurvesMax).Order()];

    private static long RowsOf(long[,] confusion, int actual, int classes) => Enumerable.Range(0, classes).Sum(predicted => confusion[actual, predicted]);

    private static string RocChart(ClassCurves[] curves, IReadOnlyList<string> classes, int[] shown) => ReportCharts.Draw(
        new Chart("receiver operating characteristic", "false positive rate", "true positive rate") { IsUnit = true },
        [
            new ChartSeries("", [(0, 0), (1, 1)]),
            .. shown.Where(c => curves[c].Area is not null).Select((c, i) => new ChartSeries(
                $"{classes[c]} {ReportPage.Figure(curves[c].Area)}", Points(curves[c].Roc), Shade: i)),
        ]);

    private static string PrecisionChart(ClassCurves[] curves, IReadOnlyList<string> classes, int[] shown) => ReportCharts.Draw(
        new Chart("precision and recall", "recall", "precision") { IsUnit = true },
        [
            .. shown.Where(c => curves[c].AveragePrecision is not null).Select((c, i) => new ChartSeries(
                $"{classes[c]} {ReportPage.Figure(curves[c].AveragePrecision)}", Points(curves[c].Precision), Shade: i)),
            new ChartSeries("", []),
        ]);

    private static IEnumerable<(double X, double Y)> Points(IReadOnlyList<CurvePoint> points) => points.Select(point => (point.X, point.Y));

    private static void AppendCalibration(HtmlText page, SplitAnswers answers)
    {
        int[] said = [.. answers.Predictions.Select(prediction => (int)prediction)];
        double[] confidence = [.. said.Select((c, row) => answers.Scores[(row * answers.Width) + c])];
        if (Calibration.Of(confidence, [.. said.Select((c, row) => c == (int)answers.Targets[row])]) is not { } calibration) return;
        page.Subheading("Calibration");
        page.Paragraph(
            $"Expected calibration error {ReportPage.Figure(calibration.ExpectedError)}: how far, on average, the probability of the predicted class is from how often it is right. "
            + "Points below the line are of predictions that the model is too sure of.");
        page.Markup($"<div class=\"beside\">{ReportCharts.Draw(
            new Chart("calibration of the predicted class", "mean probability", "share that is right") { IsUnit = true },
            [
                new ChartSeries("", [(0, 0), (1, 1)]),
                new ChartSeries("", calibration.Bins.Select(bin => (bin.MeanScore, bin.Share)), Shade: 0),
                new ChartSeries("", calibration.Bins.Select(bin => (bin.MeanScore, bin.Share)), IsCloud: true, Shade: 0),
            ])}</div>");
        page.Table(["mean probability", "rows", "share that is right"], calibration.Bins.Select(bin => (IReadOnlyList<string>)[
            ReportPage.Figure(bin.MeanScore), bin.Rows.ToString(CultureInfo.InvariantCulture), ReportPage.Figure(bin.Share)]));
    }
}

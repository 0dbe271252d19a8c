namespace Cluster.Coordinator.Reports;

/// <summary>What a regression says of held-out rows: predictions beside targets, and how the errors lie.</summary>
internal static class NumberSection
{
    private const int Bins = 30;

    public static void AppendTo(HtmlText page, SplitAnswers answers)
    {
        page.Heading($"Predictions: {answers.Words}");
        (double low, double high) = (Math.Min(answers.Targets.Min(), answers.Predictions.Min()), Math.Max(answers.Targets.Max(), answers.Predictions.Max()));
        (double X, double Y)[] points = [.. answers.Targets.Zip(answers.Predictions)];
        page.Markup(ReportCharts.Draw(
            new Chart("predicted beside actual", "actual", "predicted"),
            [new ChartSeries("as good as can be", [(low, low), (high, high)]), new ChartSeries("a row", ReportCharts.Thin(points), IsCloud: true, Shade: 0)]));
        double[] errors = [.. points.Select(point => point.Y - point.X)];
        page.Markup(ReportCharts.Draw(new Chart("errors (predicted - actual)", "error", "rows"), [new ChartSeries("", Histogram(errors), Shade: 0)]));
        Array.Sort(errors);
        page.Paragraph($"Half of the errors lie between {ReportPage.Figure(Quantile(errors, 0.25))} and {ReportPage.Figure(Quantile(errors, 0.75))}, nine of ten between "
            + $"{ReportPage.Figure(Quantile(errors, 0.05))} and {ReportPage.Figure(Quantile(errors, 0.95))}.");
    }

    /// <summary>The outline of bars of equal width.</summary>
    private static IEnumerable<(double X, double Y)> Histogram(double[] errors)
    {
        (double low, double high) = (errors.Min(), errors.Max());
        double width = high > low ? (high - low) / Bins : 1;
        int[] counts = new int[Bins];
        foreach (double error in errors) counts[Math.Clamp((int)((error - low) / width), 0, Bins - 1)]++;
        yield return (low, 0);
        for (int bin = 0; bin < Bins; bin++)
        {
            yield return (low + (bin * width), counts[bin]);
            yield return (low + ((bin + 1) * width), counts[bin]);
        }
        yield return (low + (Bins * width), 0);
    }

    private static double Quantile(double[] ascending, double share) => ascending[(int)Math.Round(share * (ascending.Length - 1))];
}

using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Reports;

/// <summary>Training rows on the plane on which they are spread widest, by their cluster: centroids as rings, mixtures as ellipses of two deviations.</summary>
internal static class ClusterSection
{
    private const int RowsShown = 1000, PlaneRowsOfManyColumns = 400, ColumnsMany = 300, EllipsePoints = 72;

    public static void AppendTo(HtmlText page, SavedModel saved, ILearner learner, PreparedData data, int width)
    {
        if (data.Training.Count == 0) return;
        RowRange training = data.Training;
        RowRange some = training with { Order = training.Order[..Math.Min(training.Count, RowsShown)] };
        SplitAnswers answers = SplitAnswers.Of("training", training with { Order = some.Order }, saved, learner, width);
        int columns = saved.Shape.Features;
        double[] rows = some.ToDoubles(learner.Numbers);
        PrincipalPlane plane = PrincipalPlane.Of(columns > ColumnsMany ? rows.AsSpan(0, Math.Min(some.Count, PlaneRowsOfManyColumns) * columns) : rows, columns);
        int[] clusters = [.. answers.Predictions.Select(prediction => (int)prediction)];
        page.Heading($"Clusters: {(some.Count < training.Count ? $"the first {some.Count} of {training.Count} training rows" : $"{training.Count} training rows")}");
        page.Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"Scaled rows along their first two principal components, which hold {100 * plane.Shares[0]:F1} % and {100 * plane.Shares[1]:F1} % of their variance. Clusters that lie over each other here may lie apart along others."));
        int count = CountOf(learner, saved, clusters);
        page.Markup(ReportCharts.Draw(
            new Chart("clusters", "first principal component", "second principal component"),
            [
                .. Enumerable.Range(0, count).Select(c => new ChartSeries($"cluster {c}", PointsOf(plane, rows, columns, clusters, c), IsCloud: true, c)),
                .. Outlines(plane, saved, learner, RingOf(plane, rows, columns)),
            ]));
        AppendSilhouettes(page, rows, columns, clusters, count);
    }

    private static int CountOf(ILearner learner, SavedModel saved, int[] clusters) =>
        Math.Max(clusters.Max() + 1, Find(learner, saved, "centroids")?.Shape[0] ?? Find(learner, saved, "means")?.Shape[0] ?? 0);

    private static IEnumerable<(double X, double Y)> PointsOf(PrincipalPlane plane, double[] rows, int columns, int[] clusters, int cluster)
    {
        for (int row = 0; row < clusters.Length; row++)
            if (clusters[row] == cluster) yield return plane.Of(rows.AsSpan(row * columns, columns));
    }

    private static IEnumerable<ChartSeries> Outlines(PrincipalPlane plane, SavedModel saved, ILearner learner, (double X, double Both, double Y) ring)
    {
        Scaler scaler = saved.Preprocessing.Scaler;
        int columns = saved.Shape.Features;
        if ((Find(learner, saved, "centroids") ?? Find(learner, saved, "means")) is not { } centres) yield break;
        LearnedNumbers? covariances = Find(learner, saved, "covariances");
        for (int c = 0; c < centres.Shape[0]; c++)
        {
            double[] centre = [.. Enumerable.Range(0, columns).Select(f => scaler.Scale(centres.Values[(c * columns) + f], f))];
            (double X, double Y) at = plane.Of(centre);
            (double X, double Both, double Y) spread = covariances is null ? ring : plane.OfCovariance(CovarianceOf(covariances, c, columns, scaler));
            yield return new ChartSeries("", Ellipse(at, spread), Shade: c);
        }
    }

    /// <summary>A ring about a centroid, which has no width: small beside what the rows take up.</summary>
    private static (double X, double Both, double Y) RingOf(PrincipalPlane plane, double[] rows, int columns)
    {
        const double share = 0.01;
        (double X, double Y)[] points = [.. Enumerable.Range(0, rows.Length / columns).Select(row => plane.Of(rows.AsSpan(row * columns, columns)))];
        double across = share * (points.Max(point => point.X) - points.Min(point => point.X)), down = 2 * share * (points.Max(point => point.Y) - points.Min(point => point.Y));
        return (across * across, 0, down * down);
    }

    /// <summary>The covariance of a component in scaled units, [d, d], of every form.</summary>
    private static double[] CovarianceOf(LearnedNumbers covariances, int component, int columns, Scaler scaler)
    {
        double[] whole = new double[columns * columns];
        bool isDiagonal = covariances.Shape.Count == 2 && !IsTied(covariances, columns);
        int start = isDiagonal ? component * columns : covariances.Shape.Count == 3 ? component * columns * columns : 0;
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < columns; j++)
            {
                double value = isDiagonal ? i == j ? covariances.Values[start + i] : 0 : covariances.Values[start + (i * columns) + j];
                whole[(i * columns) + j] = value / (DivisorOf(scaler, i) * DivisorOf(scaler, j));
            }
        return whole;
    }

    /// <summary>One matrix for all components is symmetric, which as many diagonals as columns are only by coincidence.</summary>
    private static bool IsTied(LearnedNumbers covariances, int columns)
    {
        if (covariances.Shape[0] != columns) return false;
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < i; j++)
                if (covariances.Values[(i * columns) + j] != covariances.Values[(j * columns) + i]) return false;
        return true;
    }

    /// <summary>Two deviations about a centre: the Cholesky factor of the covariance turns a circle into the ellipse.</summary>
    private static IEnumerable<(double X, double Y)> Ellipse((double X, double Y) centre, (double X, double Both, double Y) spread)
    {
        double a = Math.Sqrt(Math.Max(0, spread.X)), b = a > 0 ? spread.Both / a : 0, c = Math.Sqrt(Math.Max(0, spread.Y - (b * b)));
        for (int i = 0; i <= EllipsePoints; i++)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * i / EllipsePoints);
            yield return (centre.X + (2 * a * cosine), centre.Y + (2 * ((b * cosine) + (c * sine))));
        }
    }

    private static void AppendSilhouettes(HtmlText page, double[] rows, int columns, int[] clusters, int count)
    {
        if (Silhouettes.Of(rows, columns, clusters) is not { } silhouettes) return;
        page.Subheading("Silhouettes");
        page.Paragraph("1 is a row near its own cluster and far from the next, 0 one between two, below 0 one that is nearer to another.");
        page.Table(["cluster", "rows", "mean silhouette"],
        [
            .. Enumerable.Range(0, count).Select(c => (IReadOnlyList<string>)[
                $"{c}", $"{clusters.Count(own => own == c)}", ReportPage.Figure(clusters.Contains(c) ? silhouettes.Where((_, row) => clusters[row] == c).Average() : null)]),
            ["all", $"{clusters.Length}", ReportPage.Figure(silhouettes.Average())],
        ]);
    }

    private static double DivisorOf(Scaler scaler, int column) => scaler.Divisors.Count switch { 0 => 1, 1 => scaler.Divisors[0], _ => scaler.Divisors[column] };

    private static LearnedNumbers? Find(ILearner learner, SavedModel saved, string name) =>
        (learner as ILearnedNumbers)?.Learned(saved.Model.State, saved.Preprocessing).FirstOrDefault(numbers => numbers.Name == name);
}

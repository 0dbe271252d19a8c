using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Cluster.Coordinator.Reports;

/// <summary>A line or a cloud of points of a chart.</summary>
/// <param name="Name">In the legend; empty for none.</param>
/// <param name="Points">Those that are not finite are left out.</param>
/// <param name="IsCloud">Whether points stand alone.</param>
/// <param name="Shade">Which colour, from 0; null for grey.</param>
internal sealed record ChartSeries(string Name, IEnumerable<(double X, double Y)> Points, bool IsCloud = false, int? Shade = null);

/// <summary>What a chart is of.</summary>
/// <param name="Title">Above it.</param>
/// <param name="X">Below it.</param>
/// <param name="Y">Beside it.</param>
internal sealed record Chart(string Title, string X, string Y)
{
    public bool Logarithmic { get; init; }

    /// <summary>Whether both axes go from 0 to 1.</summary>
    public bool IsUnit { get; init; }

    /// <summary>Whether x counts.</summary>
    public bool CountsX { get; init; }
}

/// <summary>Charts as images in SVG, each with its legend below: the legend of the library cuts off long names.</summary>
internal static class ReportCharts
{
    /// <summary>The most points of a thinned line; the last may be one more.</summary>
    public const int PointsMax = 400;

    private const double Width = 760, Height = 340, Side = 420;

    /// <summary>The library takes the numbers of an axis for narrower than a browser draws them.</summary>
    private const double TitleDistance = 16;

    /// <summary>One image for each figure of the learning curve, training beside validation, then one of the gradients' norms.</summary>
    public static IEnumerable<string> Of(RunReport report)
    {
        foreach (IGrouping<string, CurveLine> figure in report.Curve.GroupBy(line => NameOf(line.Figure)))
            yield return Draw(
                new Chart(figure.Key, "epoch", "") { CountsX = true },
                figure.GroupBy(line => line.Figure).Select((curve, i) => new ChartSeries(curve.Key, curve.Select(line => ((double)line.Epoch, line.Value)), IsCloud: curve.Count() == 1, i)));
        if (report.Norms.Count > 0)
            yield return Draw(
                new Chart("norm of the gradient (root mean square over the epoch's steps)", "epoch", "") { CountsX = true, Logarithmic = true },
                report.Norms.GroupBy(line => line.Layer).Select((layer, i) => new ChartSeries(layer.Key, layer.Select(line => ((double)line.Epoch, line.RootMeanSquare)), Shade: i)));
    }

    /// <summary>An image.</summary>
    public static string Draw(Chart chart, IEnumerable<ChartSeries> series)
    {
        ChartSeries[] drawn = [.. series];
        int shades = drawn.Max(one => one.Shade ?? 0) + 1;
        PlotModel model = new() { Title = HtmlText.Plain(chart.Title), TitleFontSize = 14, DefaultFont = "sans-serif", Background = OxyColors.White };
        model.Axes.Add(AxisOf(AxisPosition.Bottom, chart, chart.X, logarithmic: false));
        model.Axes.Add(AxisOf(AxisPosition.Left, chart, chart.Y, chart.Logarithmic));
        StringBuilder legend = new();
        foreach (ChartSeries one in drawn)
        {
            OxyColor color = one.Shade is { } shade ? OxyColor.FromHsv((double)shade / shades, 0.85, 0.75) : OxyColors.DarkGray;
            model.Series.Add(SeriesOf(one, color));
            if (one.Name.Length > 0)
                legend.Append($"<span><b style=\"color: #{Convert.ToHexString([color.R, color.G, color.B])}\">&#9632;</b> {HtmlText.Encode(one.Name)}</span> ");
        }
        (double width, double height) = chart.IsUnit ? (Side, Side) : (Width, Height);
        string image = new SvgExporter { Width = width, Height = height, IsDocument = false }.ExportToString(model);
        return $"<figure>{Framed(image, chart.Title, width, height)}<figcaption>{legend}</figcaption></figure>";
    }

    /// <summary>Every n-th of many points, and the last.</summary>
    public static IEnumerable<T> Thin<T>(IReadOnlyList<T> points)
    {
        int every = Math.Max(1, (points.Count + PointsMax - 1) / PointsMax);
        return points.Where((_, i) => i % every == 0 || i == points.Count - 1);
    }

    /// <summary>"validation log-loss" and "training loss" belong into one image.</summary>
    private static string NameOf(string figure) => figure[(figure.IndexOf(' ', StringComparison.Ordinal) + 1)..] switch
    {
        "log-loss" => "loss",
        string name => name,
    };

    private static Axis AxisOf(AxisPosition position, Chart chart, string title, bool logarithmic)
    {
        Axis axis = logarithmic ? new LogarithmicAxis() : new LinearAxis();
        (axis.Position, axis.Title, axis.MajorGridlineStyle) = (position, HtmlText.Plain(title), LineStyle.Dot);
        axis.AxisTitleDistance = position == AxisPosition.Left ? TitleDistance : axis.AxisTitleDistance;
        if (chart.CountsX && position == AxisPosition.Bottom) axis.MinimumMajorStep = 1;
        if (chart.IsUnit) (axis.Minimum, axis.Maximum) = (-0.02, 1.02);
        return axis;
    }

    private static Series SeriesOf(ChartSeries one, OxyColor color)
    {
        IEnumerable<(double X, double Y)> points = one.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y));
        if (!one.IsCloud)
        {
            LineSeries line = new() { Color = color, StrokeThickness = 1.5 };
            line.Points.AddRange(points.Select(point => new DataPoint(point.X, point.Y)));
            return line;
        }
        ScatterSeries cloud = new() { MarkerType = MarkerType.Circle, MarkerSize = 2.2, MarkerFill = color };
        cloud.Points.AddRange(points.Select(point => new ScatterPoint(point.X, point.Y)));
        return cloud;
    }

    /// <summary>An image has its title as its label, and shrinks as a whole on a narrow page.</summary>
    private static string Framed(string svg, string title, double width, double height)
    {
        // The library numbers clip paths from 1 in each image, but an id is unique in a page.
        string own = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(svg)).AsSpan(0, 6));
        svg = svg.Replace("id=\"clipPath", $"id=\"c{own}-", StringComparison.Ordinal).Replace("url(#clipPath", $"url(#c{own}-", StringComparison.Ordinal);
        int end = svg.IndexOf("<svg ", StringComparison.Ordinal) + "<svg ".Length;
        return string.Create(CultureInfo.InvariantCulture, $"{svg[..end]}role=\"img\" aria-label=\"{HtmlText.Encode(title)}\" viewBox=\"0 0 {width} {height}\" {svg[end..]}");
    }
}

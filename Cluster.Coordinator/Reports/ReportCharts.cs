using System.Net;
using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Cluster.Coordinator.Reports;

/// <summary>The curves of a run as images in SVG, each with its legend below: that of the library is cut off where names are long.</summary>
internal static class ReportCharts
{
    private const double Width = 760, Height = 340;

    /// <summary>One image for each figure of the learning curve, training beside validation, then one of the gradients' norms.</summary>
    public static IEnumerable<string> Of(RunReport report)
    {
        foreach (IGrouping<string, CurveLine> figure in report.Curve.GroupBy(line => NameOf(line.Figure)))
            yield return Draw(figure.Key, logarithmic: false, figure.GroupBy(line => line.Figure).Select(curve => Line(curve.Key, curve.Select(line => (line.Epoch, line.Value)))));
        if (report.Norms.Count > 0)
            yield return Draw(
                "norm of the gradient (root mean square over the epoch's steps)", logarithmic: true,
                report.Norms.GroupBy(line => line.Layer).Select(layer => Line(layer.Key, layer.Select(line => (line.Epoch, line.RootMeanSquare)))));
    }

    /// <summary>"validation log-loss" and "training loss" belong into one image.</summary>
    private static string NameOf(string figure) => figure[(figure.IndexOf(' ', StringComparison.Ordinal) + 1)..] switch
    {
        "log-loss" => "loss",
        string name => name,
    };

    private static LineSeries Line(string title, IEnumerable<(int Epoch, double Value)> points)
    {
        LineSeries line = new() { Title = title, StrokeThickness = 1.5 };
        line.Points.AddRange(points.Where(point => double.IsFinite(point.Value)).Select(point => new DataPoint(point.Epoch, point.Value)));
        return line;
    }

    private static string Draw(string title, bool logarithmic, IEnumerable<LineSeries> lines)
    {
        LineSeries[] curves = [.. lines];
        PlotModel model = new() { Title = title, TitleFontSize = 14, DefaultFont = "sans-serif" };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "epoch", MinimumMajorStep = 1, MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(logarithmic
            ? new LogarithmicAxis { Position = AxisPosition.Left, MajorGridlineStyle = LineStyle.Dot }
            : new LinearAxis { Position = AxisPosition.Left, MajorGridlineStyle = LineStyle.Dot });
        StringBuilder legend = new();
        for (int i = 0; i < curves.Length; i++)
        {
            curves[i].Color = OxyColor.FromHsv((double)i / curves.Length, 0.85, 0.75);
            model.Series.Add(curves[i]);
            legend.Append("<span style=\"color: #").Append(Convert.ToHexString([curves[i].Color.R, curves[i].Color.G, curves[i].Color.B]))
                .Append("\">&#9632; ").Append(WebUtility.HtmlEncode(curves[i].Title)).Append("</span> ");
        }
        string image = new SvgExporter { Width = Width, Height = Height, IsDocument = false }.ExportToString(model);
        return $"<figure>{image}<figcaption>{legend}</figcaption></figure>";
    }
}

using System.Globalization;
using System.Text;
using Cluster.Seed.Dashboard.Charts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>Curves over each other as SVG with a legend. Lines differ by dashes as well as by colour.</summary>
/// <remarks>Written as code: the markup of pages takes SVG's element text for a Razor directive.</remarks>
public sealed class CurveChart : ComponentBase
{
    /// <summary>How many lines can be told apart.</summary>
    public const int LinesMax = 8;

    private const double Width = 480, Height = 210, Left = 58, Right = 8, Top = 8, Bottom = 34, NearEnd = 0.95;

    /// <summary>What is shown.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What the curves run along.</summary>
    [Parameter]
    public string Along { get; set; } = "step";

    /// <summary>The curves.</summary>
    [Parameter]
    public IReadOnlyList<CurveLine> Lines { get; set; } = [];

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "figure");
        builder.AddAttribute(1, "class", "chart");
        builder.OpenElement(2, "figcaption");
        builder.AddContent(3, Title);
        builder.CloseElement();
        Draw(builder);
        Legend(builder);
        builder.CloseElement();
    }

    private void Draw(RenderTreeBuilder builder)
    {
        AxisScale x = AxisScale.Of(Lines.SelectMany(line => line.Points.Select(point => point.X)), whole: true);
        double[] values = [.. Lines.SelectMany(line => line.Points.Select(point => point.Y))];
        AxisScale y = AxisScale.Of(values, whole: Array.TrueForAll(values, double.IsInteger));
        builder.OpenElement(10, "svg");
        builder.AddAttribute(11, "viewBox", $"0 0 {Width} {Height}");
        builder.AddAttribute(12, "role", "img");
        builder.AddAttribute(13, "aria-label", $"{Title}. {string.Join("; ", Lines.Select(line => $"{line.Name}: {line.Text}"))}");
        foreach (double tick in y.Ticks)
        {
            Line(builder, "grid", Left, Down(y, tick), Width - Right, Down(y, tick));
            Label(builder, Left - 6, Down(y, tick) + 4, "end", AxisScale.TextOf(tick));
        }
        foreach (double tick in x.Ticks)
        {
            Line(builder, "tick", Across(x, tick), Height - Bottom, Across(x, tick), Height - Bottom + 4);
            Label(builder, Across(x, tick), Height - Bottom + 17, x.PlaceOf(tick) > NearEnd ? "end" : "middle", AxisScale.TextOf(tick));
        }
        Line(builder, "axis", Left, Height - Bottom, Width - Right, Height - Bottom);
        Label(builder, Width - Right, Height - 3, "end", Along);
        for (int i = 0; i < Lines.Count; i++) Curve(builder, i, Lines[i], x, y);
        builder.CloseElement();
    }

    private void Legend(RenderTreeBuilder builder)
    {
        builder.OpenElement(60, "ul");
        builder.AddAttribute(61, "class", "legend");
        for (int i = 0; i < Lines.Count; i++)
        {
            builder.OpenElement(62, "li");
            builder.OpenElement(63, "svg");
            builder.AddAttribute(64, "viewBox", "0 0 28 8");
            builder.AddAttribute(65, "aria-hidden", "true");
            Line(builder, $"curve c{i % LinesMax}", 1, 4, 27, 4);
            builder.CloseElement();
            builder.OpenElement(66, "span");
            builder.AddContent(67, $"{Lines[i].Name} {Lines[i].Text}");
            builder.CloseElement();
            builder.CloseElement();
        }
        builder.CloseElement();
    }

    private static void Curve(RenderTreeBuilder builder, int index, CurveLine line, AxisScale x, AxisScale y)
    {
        if (line.Points.IsEmpty) return;
        if (line.Points.Length == 1)
        {
            builder.OpenElement(40, "circle");
            builder.AddAttribute(41, "class", $"curve c{index % LinesMax}");
            builder.AddAttribute(42, "cx", Text(Across(x, line.Points[0].X)));
            builder.AddAttribute(43, "cy", Text(Down(y, line.Points[0].Y)));
            builder.AddAttribute(44, "r", "3");
            builder.CloseElement();
            return;
        }
        StringBuilder points = new();
        foreach (CurvePoint point in line.Points) points.Append(Text(Across(x, point.X))).Append(',').Append(Text(Down(y, point.Y))).Append(' ');
        builder.OpenElement(45, "polyline");
        builder.AddAttribute(46, "class", $"curve c{index % LinesMax}");
        builder.AddAttribute(47, "points", points.ToString().TrimEnd());
        builder.CloseElement();
    }

    private static void Line(RenderTreeBuilder builder, string kind, double fromX, double fromY, double toX, double toY)
    {
        builder.OpenElement(20, "line");
        builder.AddAttribute(21, "class", kind);
        builder.AddAttribute(22, "x1", Text(fromX));
        builder.AddAttribute(23, "y1", Text(fromY));
        builder.AddAttribute(24, "x2", Text(toX));
        builder.AddAttribute(25, "y2", Text(toY));
        builder.CloseElement();
    }

    private static void Label(RenderTreeBuilder builder, double x, double y, string anchor, string text)
    {
        builder.OpenElement(30, "text");
        builder.AddAttribute(31, "x", Text(x));
        builder.AddAttribute(32, "y", Text(y));
        builder.AddAttribute(33, "text-anchor", anchor);
        builder.AddContent(34, text);
        builder.CloseElement();
    }

    private static double Across(AxisScale x, double value) => Left + (x.PlaceOf(value) * (Width - Left - Right));

    private static double Down(AxisScale y, double value) => Height - Bottom - (y.PlaceOf(value) * (Height - Top - Bottom));

    private static string Text(double place) => place.ToString("0.#", CultureInfo.InvariantCulture);
}

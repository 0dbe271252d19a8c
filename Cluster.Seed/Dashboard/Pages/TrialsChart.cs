using System.Globalization;
using Cluster.Seed.Dashboard.Charts;
using Cluster.Seed.Dashboard.History;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>The trials of a search as parallel coordinates: an axis for each setting, the last for the first figure; trials differ by the quarter that their figure lies in.</summary>
public sealed class TrialsChart : ComponentBase
{
    private const double Width = 960, Height = 280, Side = 60, Top = 30, Bottom = 14;
    private const int TrialsMax = 200, Quarters = 4;

    /// <summary>The trials.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<TaskSight> Tasks { get; set; } = [];

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        TrialAxes? axes = TrialAxes.Of([.. Tasks.Take(TrialsMax)]);
        if (axes is null) return;
        builder.OpenElement(0, "figure");
        builder.AddAttribute(1, "class", "chart");
        builder.OpenElement(2, "figcaption");
        builder.AddContent(3, $"Trials, by the quarter of their {axes.Names[^1]}: solid the lowest, then dashed, dotted, and mixed the highest");
        builder.CloseElement();
        builder.OpenElement(4, "div");
        builder.AddAttribute(5, "class", "scroll");
        builder.AddAttribute(6, "tabindex", "0");
        builder.AddAttribute(7, "role", "region");
        builder.AddAttribute(8, "aria-label", "Trials as lines; the table of trials has the same figures");
        Draw(builder, axes);
        builder.CloseElement();
        builder.CloseElement();
    }

    private static void Draw(RenderTreeBuilder builder, TrialAxes axes)
    {
        builder.OpenElement(10, "svg");
        builder.AddAttribute(11, "viewBox", $"0 0 {Width} {Height}");
        builder.AddAttribute(12, "class", "wide");
        builder.AddAttribute(13, "aria-hidden", "true");
        for (int axis = 0; axis < axes.Names.Length; axis++)
        {
            double x = Across(axes, axis);
            builder.OpenElement(20, "line");
            builder.AddAttribute(21, "class", "axis");
            builder.AddAttribute(22, "x1", Text(x));
            builder.AddAttribute(23, "x2", Text(x));
            builder.AddAttribute(24, "y1", Text(Top));
            builder.AddAttribute(25, "y2", Text(Height - Bottom));
            builder.CloseElement();
            Label(builder, axes, axis, Top - 16, axes.Names[axis]);
            Label(builder, axes, axis, Top - 3, axes.Highest[axis]);
            Label(builder, axes, axis, Height - 2, axes.Lowest[axis]);
        }
        foreach ((ImmutableArray<double> places, double rank) in axes.Trials)
        {
            builder.OpenElement(30, "polyline");
            builder.AddAttribute(31, "class", $"curve c{Math.Min(Quarters - 1, (int)(rank * Quarters))}");
            builder.AddAttribute(32, "points", string.Join(' ', places.Select((place, axis) => $"{Text(Across(axes, axis))},{Text(Height - Bottom - (place * (Height - Top - Bottom)))}")));
            builder.CloseElement();
        }
        builder.CloseElement();
    }

    private static void Label(RenderTreeBuilder builder, TrialAxes axes, int axis, double y, string text)
    {
        builder.OpenElement(40, "text");
        builder.AddAttribute(41, "x", Text(Across(axes, axis)));
        builder.AddAttribute(42, "y", Text(y));
        builder.AddAttribute(43, "text-anchor", "middle");
        builder.AddContent(44, text);
        builder.CloseElement();
    }

    private static double Across(TrialAxes axes, int axis) => Side + (axis * (Width - (2 * Side)) / (axes.Names.Length - 1));

    private static string Text(double place) => place.ToString("0.#", CultureInfo.InvariantCulture);
}

using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard.Charts;
using Cluster.Seed.Dashboard.History;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>A job as its page shows it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Line">Its status; null if it is not known.</param>
/// <param name="Finished">Its result, or null.</param>
/// <param name="Sight">What was heard of it; null for nothing.</param>
/// <param name="Configuration">Its keys; empty if its text is not known here.</param>
/// <param name="Text">Its text, shown if this program cannot explain it; empty for none.</param>
public sealed record JobView(
    JobId Job, JobLine? Line, JobFinished? Finished, JobSight? Sight, ImmutableArray<ConfigurationLine> Configuration, string Text)
{
    /// <summary>Whether it can be ended.</summary>
    public bool CanCancel => Line?.Status is JobStatus.Queued or JobStatus.Running;

    /// <summary>Whether it can go on.</summary>
    public bool CanResume => Line?.Status is JobStatus.Cancelled or JobStatus.Failed;

    /// <summary>The charts: training beside validation if both have the same figure along the same axis.</summary>
    public IEnumerable<(string Title, string Along, ImmutableArray<CurveLine> Lines)> Charts() =>
        from curve in Sight?.Curves ?? []
        where curve.Name != "workers" || curve.Lowest < curve.Highest
        orderby IsOfSpeed(curve.Name)
        group curve by (Figure: FigureOf(curve.Name), curve.Axis) into chart
        select ($"{chart.Key.Figure}, by {AlongOf(chart.Key.Axis)}", AlongOf(chart.Key.Axis), LinesOf(chart));

    /// <summary>Whether a curve is of how training goes on, and not of what it comes to.</summary>
    public static bool IsOfSpeed(string curve) => curve is "examples per second" or "workers";

    /// <summary>What the curve runs along, in words.</summary>
    public static string AlongOf(CurveAxis axis) => axis == CurveAxis.Step ? "step" : "epoch";

    /// <summary>The figure's name without its split.</summary>
    public static string FigureOf(string curve)
    {
        string name = curve.Replace(", by epoch", "", StringComparison.Ordinal);
        foreach (string split in (string[])["training ", "validation "])
            if (name.StartsWith(split, StringComparison.Ordinal)) return name[split.Length..] == "log-loss" ? "loss" : name[split.Length..];
        return name;
    }

    /// <summary>The figures of each split: those of the end, or of the last epoch.</summary>
    public IEnumerable<(string Split, ImmutableArray<NamedFigure> Figures)> Figures()
    {
        if (Finished is { } finished) return Filled(("training", finished.Training), ("validation", finished.Validation), ("test", finished.Test));
        return Sight?.Epoch is { } epoch ? Filled(($"training, epoch {epoch.Epoch + 1}", epoch.Training), ($"validation, epoch {epoch.Epoch + 1}", epoch.Validation)) : [];
    }

    /// <summary>Privacy spent; NaN if training is not private, or that is not known yet.</summary>
    public double Epsilon => Finished?.Epsilon ?? Sight?.Epoch?.Epsilon ?? double.NaN;

    private static IEnumerable<(string, ImmutableArray<NamedFigure>)> Filled(params (string Split, ImmutableArray<NamedFigure> Figures)[] splits) =>
        splits.Where(split => !split.Figures.IsDefaultOrEmpty);

    private static ImmutableArray<CurveLine> LinesOf(IEnumerable<CurveSight> curves) =>
        [.. curves.Select(curve => new CurveLine(curve.Name.Replace(", by epoch", "", StringComparison.Ordinal), curve.Points, $"{PageText.Number(curve.Last)} (from {PageText.Number(curve.Lowest)} to {PageText.Number(curve.Highest)})"))];
}

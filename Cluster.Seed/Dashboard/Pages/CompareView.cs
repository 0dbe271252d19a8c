using Cluster.Messages;
using Cluster.Seed.Dashboard.Charts;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>Jobs beside each other.</summary>
/// <param name="Jobs">Those that were chosen.</param>
/// <param name="Others">Names of jobs that can be chosen, newest first.</param>
public sealed record CompareView(ImmutableArray<JobView> Jobs, ImmutableArray<string> Others)
{
    /// <summary>How many can be compared: as many as lines can be told apart.</summary>
    public const int JobsMax = CurveChart.LinesMax;

    /// <summary>The keys that are not the same in all jobs whose text is known, with the value in each.</summary>
    public IEnumerable<(string Key, ImmutableArray<string> Values)> Differing()
    {
        if (Jobs.Count(job => !job.Configuration.IsEmpty) < 2) yield break;
        foreach (string key in Jobs.SelectMany(job => job.Configuration.Select(line => line.Key)).Distinct())
        {
            ImmutableArray<string> values = [.. Jobs.Select(job => job.Configuration.IsEmpty ? "?" : job.Configuration.FirstOrDefault(line => line.Key == key)?.Value ?? "none")];
            if (values.Where(value => value != "?").Distinct().Count() > 1) yield return (key, values);
        }
    }

    /// <summary>Every figure of every split that any of the jobs has, with its value in each; NaN for none.</summary>
    public IEnumerable<(string Name, ImmutableArray<double> Values)> Figures()
    {
        ImmutableArray<Dictionary<string, double>> known = [.. Jobs.Select(FiguresOf)];
        return known.SelectMany(figures => figures.Keys).Distinct().Select(name =>
            (name, known.Select(figures => figures.GetValueOrDefault(name, double.NaN)).ToImmutableArray()));
    }

    /// <summary>A chart for each curve that any of the jobs has, a line a job.</summary>
    public IEnumerable<(string Title, string Along, ImmutableArray<CurveLine> Lines)> Charts() =>
        from curve in Jobs.SelectMany(job => (job.Sight?.Curves ?? []).Select(curve => (curve.Name, curve.Axis))).Distinct()
        where curve.Name != "workers"
        orderby JobView.IsOfSpeed(curve.Name)
        select (curve.Name, JobView.AlongOf(curve.Axis), LinesOf(curve.Name));

    private ImmutableArray<CurveLine> LinesOf(string name) =>
    [
        .. from job in Jobs
           let curve = job.Sight?.Curves.FirstOrDefault(curve => curve.Name == name)
           select new CurveLine(job.Job.Value, curve?.Points ?? [], curve is null ? "has none" : PageText.Number(curve.Last)),
    ];

    private static Dictionary<string, double> FiguresOf(JobView job)
    {
        Dictionary<string, double> figures = [];
        if (job.Finished is { } finished)
        {
            foreach ((string split, ImmutableArray<NamedFigure> all) in ((string, ImmutableArray<NamedFigure>)[])[("training", finished.Training), ("validation", finished.Validation), ("test", finished.Test)])
                foreach (NamedFigure figure in all) figures[$"{split} {figure.Name}"] = figure.Value;
            figures["epochs"] = finished.Epochs;
            figures["steps"] = finished.Steps;
            if (double.IsFinite(finished.Epsilon)) figures["epsilon"] = finished.Epsilon;
        }
        else if (job.Sight?.Epoch is { } epoch)
        {
            foreach (NamedFigure figure in epoch.Validation) figures[$"validation {figure.Name}"] = figure.Value;
        }
        return figures;
    }
}

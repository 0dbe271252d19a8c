using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Messages;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Coordinator.Cli;

/// <summary>The trials of a search for a person, and as JSON.</summary>
internal static class TrialText
{
    private const int Digits = 5, SettingLengthMax = 40;
    private const string Inertia = "inertia", ClustersKey = "model.clusters";

    /// <summary>The report that an outcome tells.</summary>
    public static TaskReport ReportOf(TaskOutcome outcome) =>
        new(new Metrics([.. outcome.Figures.Select(figure => KeyValuePair.Create(figure.Name, figure.Value))]), outcome.ModelSha256) { Label = outcome.Label, Reason = outcome.Reason };

    /// <summary>On one line: 'log-loss 0.1234  accuracy 0.97', or why there are none.</summary>
    public static string FiguresOf(TaskReport report) => report.Reason.Length > 0
        ? $"failed: {report.Reason}"
        : string.Join("  ", report.Figures.Values.Select(figure => $"{figure.Key} {FigureText.Of(figure.Key, figure.Value, Digits)}"));

    /// <summary>On one line.</summary>
    public static string SettingsOf(TaskReport report) => string.Join("  ", TrialSettings.Split(report.Label));

    /// <summary>All trials as a table, by index.</summary>
    public static IEnumerable<string> Table(JobSpec job, IReadOnlyList<TaskReport> trials, int? width)
    {
        string[] keys = [.. TrialSettings.Parse(trials[0].Label).Select(setting => setting.Key)];
        string[] figures = [.. trials.SelectMany(trial => trial.Figures.Values).Select(figure => figure.Key).Distinct()];
        int? best = TrialKind.BestOf(job, trials);
        return TextTable.Lines(
            ["trial", .. figures, .. keys, ""],
            trials.Select((trial, index) => (string[])
            [
                index.ToString(CultureInfo.InvariantCulture),
                .. figures.Select(name => trial.Figures[name] is { } value ? FigureText.Of(name, value, Digits) : trial.Reason.Length > 0 ? "failed" : "-"),
                .. TrialSettings.Parse(trial.Label).Select(setting => Short(setting.Value)),
                index == best ? "best" : "",
            ]),
            width);
    }

    /// <summary>The number of clusters at the elbow of the inertia; null unless the search is a grid over that number alone.</summary>
    public static int? ElbowOf(JobSpec job, IReadOnlyList<TaskReport> trials)
    {
        if (job.Tune is not { Search: TuneSpec.Grid, Keys: [{ Path: ClustersKey }] }) return null;
        List<(double X, double Y)> points = [];
        foreach (TaskReport trial in trials)
            if (trial.Figures[Inertia] is { } inertia && NumberText.TryRead(TrialSettings.Parse(trial.Label)[0].Value, out double value)) points.Add((value, inertia));
        (double X, double Y)[] ordered = [.. points.DistinctBy(point => point.X).OrderBy(point => point.X)];
        return Elbow.Of(ordered) is { } place ? (int)ordered[place].X : null;
    }

    /// <summary>One trial.</summary>
    /// <param name="job">The search.</param>
    /// <param name="index">Which trial.</param>
    /// <param name="trial">Its report.</param>
    public static JsonObject Json(JobSpec job, int index, TaskReport trial)
    {
        JsonObject json = new()
        {
            ["trial"] = index,
            ["settings"] = new JsonObject(TrialSettings.Parse(trial.Label).Select(setting => KeyValuePair.Create(setting.Key, Value(setting.Value)))),
            [TrialFigures.SplitOf(job).ToString().ToLowerInvariant()] = new JsonObject(trial.Figures.Values.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)ResultJson.Number(figure.Value)))),
        };
        if (trial.Reason.Length > 0) json["reason"] = trial.Reason;
        else json["model_sha256"] = trial.ModelSha256;
        return json;
    }

    private static JsonNode? Value(string text) =>
        NumberText.TryRead(text, out double number) && double.IsFinite(number) ? number : text;

    private static string Short(string value) => value.Length <= SettingLengthMax ? value : string.Concat(value.AsSpan(0, SettingLengthMax - 1), "…");
}

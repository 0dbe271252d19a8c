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
        string[] figures = [.. trials.FirstOrDefault(trial => trial.Reason.Length == 0)?.Figures.Values.Select(figure => figure.Key) ?? []];
        int? best = TrialKind.BestOf(job, trials);
        return TextTable.Lines(
            ["trial", .. figures, .. keys, ""],
            trials.Select((trial, index) => (string[])
            [
                index.ToString(CultureInfo.InvariantCulture),
                .. figures.Select(name => trial.Figures[name] is { } value ? FigureText.Of(name, value, Digits) : "failed"),
                .. TrialSettings.Parse(trial.Label).Select(setting => Short(setting.Value)),
                index == best ? "best" : "",
            ]),
            width);
    }

    /// <summary>One trial.</summary>
    public static JsonObject Json(int index, TaskReport trial)
    {
        JsonObject json = new()
        {
            ["trial"] = index,
            ["settings"] = new JsonObject(TrialSettings.Parse(trial.Label).Select(setting => KeyValuePair.Create(setting.Key, Value(setting.Value)))),
            ["validation"] = new JsonObject(trial.Figures.Values.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)ResultJson.Number(figure.Value)))),
        };
        if (trial.Reason.Length > 0) json["reason"] = trial.Reason;
        else json["model_sha256"] = trial.ModelSha256;
        return json;
    }

    private static JsonNode? Value(string text) =>
        NumberText.TryRead(text, out double number) && double.IsFinite(number) ? number : text;

    private static string Short(string value) => value.Length <= SettingLengthMax ? value : string.Concat(value.AsSpan(0, SettingLengthMax - 1), "…");
}

using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Reports;
using Cluster.Messages;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>Tells a person or a script how a job ended, wherever it ran.</summary>
internal static class TrainingReport
{
    private static readonly (string Split, string Key)[] s_splits = [("training", "train"), ("validation", "validation"), ("test", "test")];

    /// <summary>What training gave, for a person or a script.</summary>
    public static void Show(Terminal terminal, JobFinished finished, JsonObject result, bool json)
    {
        if (json) terminal.Json(result);
        else if (finished.Status is JobStatus.Completed or JobStatus.StoppedEarly) Show(terminal, result);
    }

    /// <summary>What the same job has given before.</summary>
    public static int ShowEarlier(Terminal terminal, JobSpec spec, string model, JsonObject result, bool json)
    {
        if ((int?)result["epochs"] > spec.Training.Epochs)
            terminal.Say($"{model}: was trained for {Count(result, "epoch")}, more than the {spec.Training.Epochs} that are asked for; nothing is left to do");
        result["model"] = model;        // the folder may have been moved since
        if (json) terminal.Json(result);
        else Show(terminal, result);
        return ExitCode.Success;
    }

    /// <summary>What the process ends with.</summary>
    /// <param name="terminal">Where the reason is told.</param>
    /// <param name="finished">How the job ended.</param>
    /// <param name="goOn">How a cancelled job goes on.</param>
    public static int ExitCodeOf(Terminal terminal, JobFinished finished, string goOn)
    {
        switch (finished.Status)
        {
            case JobStatus.Failed:
                return terminal.Fail(ExitCode.Of(finished.FailureKind ?? FailureKind.Internal), finished.Reason);
            case JobStatus.Cancelled:
                if (finished.Reason.Length > 0) terminal.Say(finished.Reason);
                terminal.Say(goOn);
                return ExitCode.Interrupted;
            default:
                return ExitCode.Success;
        }
    }

    private static void Show(Terminal terminal, JsonObject result)
    {
        string seconds = Figure(result["seconds"], "F1") is { Length: > 0 } known ? $", {known} s" : "";
        terminal.Result($"{result["job"]}: {result["status"]} after {Count(result, "epoch")}, {Count(result, "step")}{seconds}");
        foreach ((string split, string key) in s_splits)
            if (result["metrics"]?[key] is JsonObject { Count: > 0 } figures) Line(terminal, split, figures);
        foreach (string line in (string[])[.. RunDiagnosis.Lines(result), .. ResultJson.PrivacyLines(result)]) terminal.Result(line);
        if (terminal.Verbose && result["exchange"] is JsonObject exchange)
            foreach ((string name, JsonNode? value) in exchange) terminal.Result($"exchange   {ExchangeWords.Of(name, value?.GetValue<double>() ?? double.NaN)}");
        terminal.Result($"model      {result["model"]}");
        if (result["images"] is { } images) terminal.Result($"images   {images}");
        if (result["file_sha256"] is { } file) terminal.Result($"file_sha256  {file}");
        terminal.Result("model_sha256 is of the learned numbers, the same on any number of workers:");
        terminal.Result($"model_sha256 {result["model_sha256"]}");
    }

    private static void Line(Terminal terminal, string name, JsonObject figures) =>
        terminal.Result($"{name,-11}" + string.Join("  ", figures.Select(figure => $"{figure.Key} {FigureText.Of(figure.Key, figure.Value?.GetValue<double>() ?? double.NaN)}")));

    private static string Count(JsonObject result, string thing) => Counted.Of(result[thing + "s"]?.ToString() ?? "0", thing);

    private static string Figure(JsonNode? value, string format) =>
        value is null ? "" : value.GetValue<double>().ToString(format, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Messages;

namespace Cluster.Coordinator.Cli;

/// <summary>Tells a person or a script how a job ended, wherever it ran.</summary>
internal static class TrainingReport
{
    public static void Show(Terminal terminal, JobFinished finished, JsonObject result, bool json)
    {
        if (finished.Status is JobStatus.Completed or JobStatus.StoppedEarly && !json) Show(terminal, finished, result);
        if (json) terminal.Json(result);
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

    private static void Show(Terminal terminal, JobFinished finished, JsonObject result)
    {
        terminal.Result(string.Create(CultureInfo.InvariantCulture,
            $"{finished.Job}: {ResultJson.StatusName(finished.Status)} after {finished.Epochs} epochs, {finished.Steps} steps, {result["seconds"]!.GetValue<double>():F1} s"));
        if (finished.Training.Length > 0) terminal.Result(ResultJson.FigureLine("training", finished.Training));
        if (finished.Validation.Length > 0) terminal.Result(ResultJson.FigureLine("validation", finished.Validation));
        if (finished.Test.Length > 0) terminal.Result(ResultJson.FigureLine("test", finished.Test));
        if (!double.IsNaN(finished.Epsilon))
            terminal.Result(string.Create(CultureInfo.InvariantCulture, $"privacy    epsilon {finished.Epsilon:G6} at delta {finished.Delta:G3}"));
        if (finished.Exchange.Length > 0) terminal.Result(ResultJson.FigureLine("exchange", finished.Exchange));
        terminal.Result($"model      {finished.ModelPath}");
        terminal.Result($"sha256     {finished.ModelSha256}");
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>`train JOB.yaml`: runs a job on a local cluster.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        JobOptions options = new();
        Option<bool> resume = new("--resume")
        {
            Description = "Continues from the newest complete checkpoint in --out; starts from the beginning where there is none.",
        };
        Command command = new("train", "Trains a model on a local cluster of workers in this process.");
        options.AddTo(command);
        command.Add(resume);
        command.SetAction((parsed, _) => RunAsync(terminal, options, parsed, parsed.GetValue(resume)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, JobOptions options, ParseResult parsed, bool resume)
    {
        long start = Stopwatch.GetTimestamp();
        JobSpec spec = options.ReadJob(parsed);
        using RunDirectory run = RunDirectory.Open(options.RunDirectoryOf(parsed, spec), spec, resume);
        using Interruption interruption = new(terminal);
        LocalClusterOptions local = new(options.Workers(parsed), options.ThreadsPerWorker(parsed), run.FullPath);
        SubmitJob submit = new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, run.FullPath, Folds: 0, spec.Priority);
        SpeedMeter speed = new(ProgressDisplay.For(terminal));

        JobFinished finished = await speed.WhileAsync(async () =>
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
            return await JobRun.FollowAsync(cluster, submit, speed, interruption);
        });

        JsonObject result = ResultJson.OfTraining(finished, JobRun.SecondsSince(start), speed.ExamplesPerSecond, local.Workers);
        // A job that failed before its first checkpoint has nothing to go on from: mended, it may begin anew in the same folder.
        if (finished.Status is JobStatus.Completed or JobStatus.StoppedEarly || (finished.Status == JobStatus.Failed && !run.HasCheckpoint))
            run.Finish(result);
        Report(terminal, finished, result, parsed.GetValue(options.Json));
        return ExitCodeOf(terminal, finished, run.FullPath);
    }

    private static void Report(Terminal terminal, JobFinished finished, JsonObject result, bool json)
    {
        if (finished.Status is JobStatus.Completed or JobStatus.StoppedEarly && !json)
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
        if (json) terminal.Json(result);
    }

    private static int ExitCodeOf(Terminal terminal, JobFinished finished, string runDirectory)
    {
        switch (finished.Status)
        {
            case JobStatus.Failed:
                return terminal.Fail(ExitCode.Of(finished.FailureKind ?? FailureKind.Internal), finished.Reason);
            case JobStatus.Cancelled:
                if (finished.Reason.Length > 0) terminal.Say(finished.Reason);
                terminal.Say($"The newest checkpoint is in {runDirectory}; go on with the same command and --resume.");
                return ExitCode.Interrupted;
            default:
                return ExitCode.Success;
        }
    }
}

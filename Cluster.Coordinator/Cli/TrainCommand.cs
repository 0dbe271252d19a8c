using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Coordinator.Reports;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>`train JOB.yaml`: runs a job on a local cluster, or on a running one.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        JobOptions options = new();
        ConnectOptions connect = new(null);
        Option<bool> resume = new("--resume")
        {
            Description = "Goes on from the newest complete checkpoint in --out, else of the job's newest unfinished run; from the beginning where there is none. A finished run goes on to more training.epochs.",
        };
        DashboardFlag dashboard = new();
        Command command = new("train", "Trains a model on a cluster of workers in this process, of processes of this machine, or on a running cluster.");
        options.AddTo(command);
        command.Add(resume);
        command.Add(dashboard.Option);
        connect.AddTo(command);
        command.SetAction((parsed, _) => connect.IsGiven(parsed)
            ? RunRemotelyAsync(terminal, options, connect, dashboard, parsed, parsed.GetValue(resume))
            : RunAsync(terminal, options, dashboard, parsed, parsed.GetValue(resume)));
        return command;
    }

    private static async Task<int> RunRemotelyAsync(Terminal terminal, JobOptions options, ConnectOptions connect, DashboardFlag dashboard, ParseResult parsed, bool resume)
    {
        dashboard.RequireAbsence(parsed);
        AskedJob job = options.ReadJob(parsed);
        JobSpec spec = job.Spec;
        JobNotes.Tell(terminal, job);
        using ClusterApi api = connect.Open(parsed);
        return await RemoteTraining.RunAsync(terminal, api, spec, options.PlaceOf(parsed, spec), resume, parsed.GetValue(options.Json));
    }

    private static async Task<int> RunAsync(Terminal terminal, JobOptions options, DashboardFlag dashboard, ParseResult parsed, bool resume)
    {
        long start = Stopwatch.GetTimestamp();
        AskedJob job = options.ReadJob(parsed);
        JobSpec spec = job.Spec;
        JobNotes.Tell(terminal, job);
        JobPreview.Require(spec, options.Cluster(parsed, "").OwnStorage with { Warn = terminal.Say });
        using RunDirectory run = new RunOpening(job).Open(options.PlaceOf(parsed, spec), resume);
        if (run.Earlier is { } earlier) return TrainingReport.ShowEarlier(terminal, spec, run.ModelPath, earlier, parsed.GetValue(options.Json));
        using Interruption interruption = new(terminal);
        SubmitJob submit = new(run.Job, spec.Text, spec.BaseDirectory, run.FullPath, Tasks: null, spec.Priority, spec.Training.Servers);
        LocalClusterOptions local = dashboard.Of(parsed, options.Cluster(parsed, run.FullPath), submit);
        SpeedMeter speed = new(ProgressDisplay.For(terminal));

        JobFinished finished = await speed.WhileAsync(async () =>
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
            DashboardFlag.Tell(terminal, cluster, local);
            return await JobRun.FollowAsync(cluster, submit, speed, interruption);
        });

        finished = finished with { Job = new JobId(spec.Name), ModelPath = finished.ModelPath.Length == 0 ? "" : run.ModelPath };
        JsonObject result = ResultJson.OfTraining(finished, JobRun.SecondsSince(start), speed.ExamplesPerSecond, local.Workers, run.FullPath);
        JobNotes.AddTo(result, job);
        if (run.ImagesPath is { } images) result["images"] = images;
        if (RunFiles.IsGood(result) && Diagnosis(spec, local, result) is { } diagnosis) result["diagnosis"] = diagnosis.ToJson();
        run.Conclude(finished, result);
        TrainingReport.Show(terminal, finished, result, parsed.GetValue(options.Json));
        return TrainingReport.ExitCodeOf(
            terminal, finished, $"The newest checkpoint is in {run.FullPath}; go on with the same command and --resume.");
    }

    /// <summary>How the model fits, by the data that training has read; null if nothing can be said, or they are gone by now.</summary>
    private static RunDiagnosis? Diagnosis(JobSpec spec, LocalClusterOptions local, JsonObject result)
    {
        try
        {
            return RunDiagnosis.Of(result["metrics"]!.AsObject(), () => JobPreview.Data(spec, local.OwnStorage));
        }
        catch (Exception gone) when (gone is BadInputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`train JOB.yaml --connect HOST:PORT`: submits a job to a running cluster, watches it, and fetches its model.</summary>
internal static class RemoteTraining
{
    /// <summary>Runs it; the exit code is that of the same job on a local cluster.</summary>
    /// <param name="terminal">Where results go.</param>
    /// <param name="api">The cluster.</param>
    /// <param name="spec">The job.</param>
    /// <param name="place">Where the model goes.</param>
    /// <param name="resume">Let a job go on that was cancelled or has failed.</param>
    /// <param name="json">Print JSON.</param>
    public static async Task<int> RunAsync(Terminal terminal, ClusterApi api, JobSpec spec, RunPlace place, bool resume, bool json)
    {
        long start = Stopwatch.GetTimestamp();
        using Interruption interruption = new(terminal);
        SpeedMeter speed = new(ProgressDisplay.For(terminal));
        using FetchedRun run = FetchedRun.Open(place);
        JobFinished finished = await speed.WhileAsync(async () =>
        {
            JobId job = await BeginAsync(api, spec, resume);
            JobFinished ended = await RemoteRun.FollowAsync(api, job, speed, interruption);
            return ended.ModelPath.Length == 0 ? ended : await RemoteRun.RetryAsync(() => FetchAsync(api, ended, run));
        });
        bool fetched = finished.ModelPath.Length > 0;
        JsonObject result = ResultJson.OfTraining(
            finished, JobRun.SecondsSince(start), speed.ExamplesPerSecond, speed.Workers, fetched ? run.WorkFolder : null);
        JobNotes.AddTo(result, spec);
        if (fetched) run.Finish(spec.Text, result);
        TrainingReport.Show(terminal, finished, result, json);
        return TrainingReport.ExitCodeOf(terminal, finished, "The checkpoint is on the cluster; go on with the same command and --resume.");
    }

    private static async Task<JobId> BeginAsync(ClusterApi api, JobSpec spec, bool resume)
    {
        JobAccepted accepted = await api.SubmitAsync(SubmitCommand.Submission(spec));
        if (accepted.Status is not (JobStatus.Cancelled or JobStatus.Failed)) return accepted.Job;
        if (!resume)
            throw new CommandFailedException(ExitCode.BadInput,
                $"job {accepted.Job}: wanted a new job, got one that was {ResultJson.StatusName(accepted.Status)} before; go on with it by --resume, or name another by --set name=NAME.");
        return (await api.ResumeAsync(accepted.Job)).Job;
    }

    /// <summary>The model, checked against the identity that the cluster named before it takes the place of another.</summary>
    private static async Task<JobFinished> FetchAsync(ClusterApi api, JobFinished finished, FetchedRun run)
    {
        Directory.CreateDirectory(run.WorkFolder);
        string path = Path.Combine(run.WorkFolder, Jobs.FileModelStore.FileName);
        await api.DownloadAsync(finished.Job, path, RemoteRun.SilenceDeadline);
        string sha256 = ModelFile.Read(path).Model.Sha256;
        return sha256 == finished.ModelSha256 ? finished with { ModelPath = run.ModelPath }
            : throw new CommandFailedException(ExitCode.Unreachable, $"{path}: wanted the model {finished.ModelSha256}, got {sha256}; fetch it again.");
    }
}

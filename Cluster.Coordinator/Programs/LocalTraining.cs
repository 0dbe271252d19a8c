using System.Diagnostics;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Programs;

/// <summary>Trains jobs from code, as `cluster train` does: on a cluster of actors in this process, with journal, checkpoints and a run's folder.</summary>
/// <remarks>A journal may hold the secret of a private run, so what this process makes from its first training on is closed to other users (files 0600, folders 0700).</remarks>
/// <example><code>
/// TrainedRun run = await new LocalTraining { Workers = 2 }.TrainAsync("job.yaml", ["training.epochs=5"]);
/// </code></example>
public sealed record LocalTraining
{
    private const int WorkersMax = 64;

    /// <summary>How many workers. Default: the machine's cores. Limits: 1 to 64. The model does not depend on it.</summary>
    public int Workers { get; init; } = Math.Min(WorkersMax, Environment.ProcessorCount);

    /// <summary>The folder of checkpoints and model; an earlier result there is replaced by a whole one. Default: a new numbered folder, runs/NAME/0001.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether it goes on from the newest complete checkpoint in the folder, or of the job's newest unfinished run. Default: it begins anew.</summary>
    public bool Resume { get; init; }

    /// <summary>Called at the end of each epoch, one call at a time, while the next epoch runs; where many epochs end during one call, some are left out. What it throws ends the run. Default: nothing.</summary>
    public Action<EpochFigures>? OnEpoch { get; init; }

    /// <summary>Told what the cluster warns of. Default: standard error.</summary>
    public Action<string> Warn { get; init; } = Console.Error.WriteLine;

    /// <summary>Trains a job to its end.</summary>
    /// <param name="jobFile">The job file.</param>
    /// <param name="settings">What overrides its keys: training.epochs=5.</param>
    /// <param name="cancellation">Asks for a checkpoint and ends the run, with the status cancelled.</param>
    /// <exception cref="BadInputException">Job or data are wrong: file, line, column, and what was wanted.</exception>
    /// <exception cref="TrainingFailedException">There is no model.</exception>
    public async Task<TrainedRun> TrainAsync(string jobFile, IReadOnlyList<string>? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(jobFile);
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Workers, WorkersMax);
        FileMask.CloseToOthers();
        try
        {
            return await RunAsync(new AskedJob(JobFile.Read(jobFile, settings ?? []), jobFile, settings ?? []), cancellation);
        }
        catch (CommandFailedException failure)
        {
            throw new TrainingFailedException(failure.Message);
        }
    }

    private async Task<TrainedRun> RunAsync(AskedJob job, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        JobSpec spec = job.Spec;
        RowStorage storage = RowStorage.Default with { Warn = Warn };
        JobPreview.Require(spec, storage);
        RunPlace place = Folder is { } folder ? new RunPlace(Path.GetFullPath(folder), IsNumbered: false) : new RunPlace(Path.GetFullPath(Path.Combine("runs", spec.Name)), IsNumbered: true);
        using RunDirectory run = new RunOpening(job).Open(place, Resume);
        if (run.Earlier is { } earlier) return Earlier(run, earlier);
        SubmitJob submit = new(run.Job, spec.Text, spec.BaseDirectory, run.FullPath, Tasks: null, spec.Priority, spec.Training.Servers);
        LocalClusterOptions local = new(Workers, Math.Max(1, Environment.ProcessorCount / Workers), run.FullPath) { Storage = storage, PrivacyLedger = PrivacyFlags.LedgerDefault };
        SpeedMeter speed = new(new EpochCalls(OnEpoch));
        JobFinished finished = await FollowAsync(local, submit, speed, cancellation);
        finished = finished with { Job = new JobId(spec.Name), ModelPath = finished.ModelPath.Length == 0 ? "" : run.ModelPath };
        run.Conclude(finished, ResultJson.OfTraining(finished, JobRun.SecondsSince(start), speed.ExamplesPerSecond, Workers, run.FullPath));
        return finished.Status switch
        {
            JobStatus.Failed => throw new TrainingFailedException(finished.Reason),
            _ => new TrainedRun(
                ResultJson.StatusName(finished.Status), run.Home, finished.ModelPath, finished.ModelSha256, finished.Steps, finished.Epochs,
                Named(finished.Training), Named(finished.Validation), Named(finished.Test)),
        };
    }

    /// <summary>Runs the job on a cluster of its own. That the cluster ends is no end of the program: its exit code, which Akka.Hosting sets then, stays as it was.</summary>
    private async Task<JobFinished> FollowAsync(LocalClusterOptions local, SubmitJob submit, SpeedMeter speed, CancellationToken cancellation)
    {
        int exitCode = Environment.ExitCode;
        try
        {
            using Interruption interruption = new(cancellation);
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, Warn);
            return await JobRun.FollowAsync(cluster, submit, speed, interruption);
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    /// <summary>What this very job has given before.</summary>
    private static TrainedRun Earlier(RunDirectory run, JsonObject result) => new(
        Text(result, "status"), run.Home, run.ModelPath, Text(result, "model_sha256"), (long?)result["steps"] ?? 0, (int?)result["epochs"] ?? 0,
        Named(result, "train"), Named(result, "validation"), Named(result, "test"));

    private static string Text(JsonObject result, string key) => (string?)result[key] ?? "";

    private static Dictionary<string, double> Named(JsonObject result, string split) =>
        (result["metrics"]?[split]?.AsObject() ?? []).ToDictionary(figure => figure.Key, figure => (double?)figure.Value ?? double.NaN);

    private static Dictionary<string, double> Named(ImmutableArray<NamedFigure> figures) => figures.ToDictionary(figure => figure.Name, figure => figure.Value);

    /// <summary>Calls the program at each epoch's end.</summary>
    private sealed class EpochCalls(Action<EpochFigures>? call) : ProgressDisplay
    {
        public override Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

        public override void OnSteps(StepsProgressed progress)
        {
        }

        public override void OnEpoch(EpochProgressed progress) =>
            call?.Invoke(new EpochFigures(progress.Epoch + 1, progress.Epochs, Named(progress.Training), Named(progress.Validation)));
    }
}

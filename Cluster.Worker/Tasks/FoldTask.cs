using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Worker.Data;

namespace Cluster.Worker.Tasks;

/// <summary>Trains on all folds but one and measures on that one: a pure function of the job, its data, its seed and, where it is private, its secret.</summary>
internal static class FoldTask
{
    /// <summary>Runs the fold on the calling thread, with its data from its source, or from the folder to which that was copied.</summary>
    /// <exception cref="BadInputException">The job or its data is wrong.</exception>
    /// <exception cref="DivergedException">The training left the finite numbers.</exception>
    public static TaskCompleted Run(RunTask task, WorkerOptions options, string? folder)
    {
        JobSpec spec = JobOf(task);
        if (folder is not null) spec = SourceFiles.Moved(spec, folder);
        TrainedModel result = options.Read(folder, () => Train(spec, task, options));
        return Completed(task.Task, options.Worker, result.Test, result.Sha256);
    }

    private static TrainedModel Train(JobSpec spec, RunTask task, WorkerOptions options)
    {
        PreparedData data = PreparedData.LoadFold(spec, Learners.NumbersFor(spec), task.Task.Index, task.Count, options.Storage);
        OtherRows.Refuse(spec.Data, task.DataSha256, data.SourceSha256);
        return SequentialTrainer.Train(spec, data, secret: task.Secret is { } secret ? PrivacySecret.FromBytes(secret.Span) : null);
    }

    /// <summary>The job that a task is of.</summary>
    /// <exception cref="BadInputException">Its text is wrong.</exception>
    public static JobSpec JobOf(RunTask task) => JobFile.Parse(task.JobText, $"{task.Task.Job}.yaml", task.BaseDirectory);

    /// <summary>What went wrong, as a message.</summary>
    /// <param name="task">The task.</param>
    /// <param name="worker">The node.</param>
    /// <param name="reason">What it failed of.</param>
    /// <param name="roots">What jobs may read here; where they are limited, nothing is told of what stands in files.</param>
    public static TaskFailed Failed(TaskId task, WorkerId worker, Exception reason, DataRoots? roots = null) => new(
        task, worker,
        reason switch
        {
            BadInputException => FailureKind.BadInput,
            DivergedException => FailureKind.Diverged,
            _ => FailureKind.Internal,
        },
        DataRoots.TextOf(roots, reason, task.Job.Value));

    private static TaskCompleted Completed(TaskId task, WorkerId worker, Metrics figures, string sha256)
    {
        NumericBuffer values = new(NumberKind.Float64, figures.Values.Count);
        for (int i = 0; i < values.Length; i++) values.Doubles[i] = figures.Values[i].Value;
        return new TaskCompleted(
            task, worker, [.. figures.Values.Select(figure => figure.Key)], new TensorPayload(PayloadKind.Float64, values.Memory), sha256);
    }
}

using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;
using Cluster.Ml.Tasks;
using Cluster.Worker.Data;

namespace Cluster.Worker.Tasks;

/// <summary>Computes a task of any kind: a pure function of the job, its data, the task and, if the job is private, its secret.</summary>
internal static class TaskWork
{
    /// <summary>Computes the task on the calling thread, with its data from its source, or from the folder to which that was copied.</summary>
    /// <exception cref="BadInputException">The job or its data is wrong, or the result is too large.</exception>
    /// <exception cref="DivergedException">The training left the finite numbers.</exception>
    public static TaskCompleted Run(RunTask task, WorkerOptions options, string? folder)
    {
        TaskKind kind = KindOf(task);
        TaskInput input = new(task.Task.Job.Value, task.JobText, task.BaseDirectory, task.Specification, task.Task.Index)
        {
            Folder = folder,
            Secret = task.Secret is { } secret ? PrivacySecret.FromBytes(secret.Span) : null,
        };
        byte[] result = options.Read(folder, () =>
        {
            PreparedData data = kind.Load(input, options.Storage.ForAllRows());
            OtherRows.Refuse(kind.SpecOf(input).Data, task.DataSha256, data.SourceSha256);
            return kind.Run(input, data);
        });
        return Completed(task, options.Worker, kind, result);
    }

    /// <summary>The job that a task is of.</summary>
    /// <exception cref="BadInputException">Its text is wrong.</exception>
    public static JobSpec JobOf(RunTask task) => JobFile.Parse(task.JobText, $"{task.Task.Job}.yaml", task.BaseDirectory);

    /// <summary>What went wrong, as a message.</summary>
    /// <param name="task">The task.</param>
    /// <param name="worker">The node.</param>
    /// <param name="reason">What it failed of.</param>
    /// <param name="roots">What jobs may read here; if that is limited, no error tells the content of a file.</param>
    public static TaskFailed Failed(TaskId task, WorkerId worker, Exception reason, DataRoots? roots = null) => new(
        task, worker,
        reason switch
        {
            BadInputException => FailureKind.BadInput,
            DivergedException => FailureKind.Diverged,
            _ => FailureKind.Internal,
        },
        DataRoots.TextOf(roots, reason, task.Job.Value));

    /// <summary>The result as a message.</summary>
    /// <exception cref="BadInputException">It is larger than its kind allows.</exception>
    internal static TaskCompleted Completed(RunTask task, WorkerId worker, TaskKind kind, byte[] result) => result.Length <= kind.ResultBytesMax
        ? new TaskCompleted(task.Task, worker, new TaskBytes(result))
        : throw new BadInputException(
            $"{kind.Name} {task.Task.Index}", null, null, $"a result of at most {kind.ResultBytesMax} bytes, which is journalled", $"{result.Length}", "have each task do less");

    private static TaskKind KindOf(RunTask task) => TaskRegistry.Find(task.Kind) ?? throw new NotSupportedException(
        $"task {task.Task.Index} of {task.Task.Job}: wanted a kind of {string.Join(", ", TaskRegistry.Names)}, got {task.Kind}; run the same version of the program on every node.");
}

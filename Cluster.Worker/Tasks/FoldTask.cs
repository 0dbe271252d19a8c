using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Worker.Tasks;

/// <summary>Trains on all folds but one and measures on that one: a pure function of the job, its data and its seed.</summary>
internal static class FoldTask
{
    /// <summary>Runs the fold on the calling thread.</summary>
    /// <exception cref="BadInputException">The job or its data is wrong.</exception>
    /// <exception cref="DivergedException">The training left the finite numbers.</exception>
    public static TaskCompleted Run(RunTask task, WorkerId worker)
    {
        JobSpec spec = JobFile.Parse(task.JobText, $"{task.Task.Job}.yaml", task.BaseDirectory);
        PreparedData data = PreparedData.LoadFold(spec, Learners.NumbersFor(spec), task.Task.Index, task.Count);
        TrainedModel result = SequentialTrainer.Train(spec, data);
        return Completed(task.Task, worker, result.Test, result.Sha256);
    }

    /// <summary>What went wrong, as a message.</summary>
    public static TaskFailed Failed(TaskId task, WorkerId worker, Exception reason) => new(
        task, worker,
        reason switch
        {
            BadInputException => FailureKind.BadInput,
            DivergedException => FailureKind.Diverged,
            _ => FailureKind.Internal,
        },
        reason.Message);

    private static TaskCompleted Completed(TaskId task, WorkerId worker, Metrics figures, string sha256)
    {
        NumericBuffer values = new(NumberKind.Float64, figures.Values.Count);
        for (int i = 0; i < values.Length; i++) values.Doubles[i] = figures.Values[i].Value;
        return new TaskCompleted(
            task, worker, [.. figures.Values.Select(figure => figure.Key)], new TensorPayload(PayloadKind.Float64, values.Memory), sha256);
    }
}

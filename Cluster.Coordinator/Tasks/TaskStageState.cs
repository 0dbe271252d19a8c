using Cluster.Messages;
using Cluster.Messages.Wire;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Tasks;

/// <summary>
/// The tasks of one stage of a job: which there are, round after round, which are done, and what they gave. The journalled results
/// alone, in their order, make it again.
/// </summary>
internal sealed class TaskStageState
{
    private readonly TaskJob _job;
    private readonly List<string> _specifications = [];

    /// <param name="kind">What the tasks do.</param>
    /// <param name="job">What they are of.</param>
    /// <param name="limits">Deadlines.</param>
    /// <exception cref="Ml.Data.BadInputException">The job cannot have such tasks.</exception>
    public TaskStageState(TaskKind kind, TaskJob job, CoordinatorLimits limits)
    {
        (Kind, _job, Table) = (kind, job, new TaskTable(limits));
        AddRound();
    }

    /// <summary>What the tasks do.</summary>
    public TaskKind Kind { get; }

    /// <summary>Which runner computes which task.</summary>
    public TaskTable Table { get; }

    /// <summary>Whether all rounds are over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Every task that has its result, by index; those of a round that is not over may lack some.</summary>
    public IReadOnlyList<TaskDone> Done =>
        [.. Enumerable.Range(0, Table.Count).Where(index => Table.ResultOf(index) is not null).Select(DoneAt)];

    /// <summary>What a task is to do.</summary>
    public string SpecificationOf(int index) => _specifications[index];

    /// <summary>What people are told of a task that is done.</summary>
    public TaskReport ReportOf(int index) => Kind.ReportOf(DoneAt(index));

    /// <summary>The text of the job that the results lead to.</summary>
    /// <exception cref="Ml.Data.BadInputException">They lead to none.</exception>
    public string JobTextAfter() => Kind.JobTextAfter(_job, Done);

    /// <summary>Why what a runner gave cannot be a result; null if it can.</summary>
    public string? ErrorOf(TaskCompleted completed)
    {
        int index = completed.Task.Index;
        string place = $"{Kind.Name} {index}, worker {completed.Worker}";
        if (completed.Result.Bytes.Length > Kind.ResultBytesMax)
            return $"{place}: wanted a result of at most {Kind.ResultBytesMax} bytes, got {completed.Result.Bytes.Length}.";
        try
        {
            Kind.ReportOf(new TaskDone(_specifications[index], completed.Result.Bytes));
            return null;
        }
        catch (InvalidDataException broken)
        {
            return $"{place}: {broken.Message} Run the same version of the program on every node.";
        }
    }

    /// <summary>A result is in the journal; one that was there before changes nothing. The last of a round leads to the next.</summary>
    public void OnCompleted(TaskCompleted completed)
    {
        if (!Table.IsNew(completed.Task.Index)) return;
        Table.OnCompleted(completed.Task.Index, completed.Result);
        if (Table.IsComplete) AddRound();
    }

    private TaskDone DoneAt(int index) => new(_specifications[index], Table.ResultOf(index)!.Value.Bytes);

    private void AddRound()
    {
        IReadOnlyList<string> next = Kind.NextRound(_job, Done);
        if (_specifications.Count + next.Count > TaskKind.TasksMax)
            throw new Ml.Data.BadInputException(
                $"job {_job.Spec.Name}", null, null, $"at most {TaskKind.TasksMax} tasks", $"{_specifications.Count + next.Count}", "ask for fewer");
        if (next.FirstOrDefault(specification => System.Text.Encoding.UTF8.GetByteCount(specification) > Limits.TaskSpecificationBytesMax) is { } longest)
            throw new Ml.Data.BadInputException(
                $"job {_job.Spec.Name}", null, null, $"at most {Limits.TaskSpecificationBytesMax} bytes that say what a task is", $"{longest.Length} characters", "write less in the job file");
        _specifications.AddRange(next);
        Table.Add(next.Count);
        IsOver = next.Count == 0;
    }
}

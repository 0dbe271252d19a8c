using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tasks;

/// <summary>
/// A kind of work that is not a sum over examples: folds, trials, trees, roll-outs. It says which tasks a job has, computes one of
/// them, and reports on all; registered in <see cref="TaskRegistry"/>.
/// </summary>
/// <remarks>
/// Purity       a result is a function of the job, its data, the task's specification, its index and, if the job is private, its
///              secret: not of the worker, of the order, or of how often it is computed
/// Rounds       the tasks of a round are named at once, from the results of the rounds before, by index; tasks so start tasks
/// Range        at most <see cref="TasksMax"/> tasks a job; a result has at most <see cref="ResultBytesMax"/> bytes
/// </remarks>
public abstract class TaskKind
{
    /// <summary>Tasks of one job, all rounds together.</summary>
    public const int TasksMax = 4096;

    /// <summary>Bytes of a result, whatever the kind: it travels in one message and is journalled.</summary>
    public const int ResultBytesLimit = 256 * 1024;

    /// <summary>Names the kind in messages and journals; lower case.</summary>
    public abstract string Name { get; }

    /// <summary>What one task is: one line.</summary>
    public abstract string Meaning { get; }

    /// <summary>Bytes that a result of this kind may have, at most <see cref="ResultBytesLimit"/>.</summary>
    public virtual int ResultBytesMax => ResultBytesLimit;

    /// <summary>Refuses a job that cannot have such tasks. Looks at what it says alone; quick.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    public abstract void Require(TaskJob job);

    /// <summary>The specifications of the tasks that come next, their indices going on from those that are done; none if the stage is over.</summary>
    /// <param name="job">What they are of.</param>
    /// <param name="done">Every task so far, by index.</param>
    public abstract IReadOnlyList<string> NextRound(TaskJob job, IReadOnlyList<TaskDone> done);

    /// <summary>The job that one task computes.</summary>
    /// <exception cref="BadInputException">The text or the specification is wrong.</exception>
    public virtual JobSpec SpecOf(TaskInput input) => input.Spec();

    /// <summary>Reads a task's data. Its <see cref="PreparedData.SourceSha256"/> is the same for every task of a job.</summary>
    /// <exception cref="BadInputException">The data cannot be used.</exception>
    public abstract PreparedData Load(TaskInput input, RowStorage storage);

    /// <summary>Computes one task on the calling thread.</summary>
    /// <returns>Its result, which <see cref="ReportOf"/> reads.</returns>
    /// <exception cref="BadInputException">The job or its data is wrong.</exception>
    /// <exception cref="Learning.DivergedException">The training left the finite numbers.</exception>
    public abstract byte[] Run(TaskInput input, PreparedData data);

    /// <summary>What a person is told of one task.</summary>
    /// <exception cref="InvalidDataException">The bytes are no result of this kind.</exception>
    public abstract TaskReport ReportOf(TaskDone done);

    /// <summary>In how many of the trainings a row of a private job takes part; 0 if its budget is not spent.</summary>
    public virtual int TrainingsOf(TaskJob job) => 1;

    /// <summary>Whether what the tasks gave is kept whole, byte by byte, in the folder of the run: whoever ordered them makes something of it.</summary>
    public virtual bool KeepsResults => false;

    /// <summary>Whether a model is trained when the tasks are done, from <see cref="JobTextAfter"/>.</summary>
    public virtual bool TrainsAfter(TaskJob job) => false;

    /// <summary>The text of the job that the results lead to; that of the job itself if they lead to none.</summary>
    public virtual string JobTextAfter(TaskJob job, IReadOnlyList<TaskDone> done) => job.Spec.Text;
}

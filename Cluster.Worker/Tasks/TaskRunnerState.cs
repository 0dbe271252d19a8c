using Cluster.Messages;

namespace Cluster.Worker.Tasks;

/// <summary>What to do about a <see cref="RunTask"/>.</summary>
internal enum TaskVerdict
{
    /// <summary>Say that it has started, and run it now.</summary>
    Run,

    /// <summary>Say that it has started: it runs already, or waits its turn.</summary>
    Confirm,

    /// <summary>Say the result again: it was finished a while ago.</summary>
    Repeat,

    /// <summary>The queue is full.</summary>
    Refuse,
}

/// <summary>The tasks of one node: one running, a few waiting, and the results of the last ones.</summary>
internal sealed class TaskRunnerState
{
    /// <summary>How many tasks may wait behind the one that runs: enough that no core idles between two.</summary>
    public const int QueueMax = 4;

    /// <summary>How many results are kept to be said again; a task coordinator asks within seconds.</summary>
    public const int ResultsMax = 64;

    private readonly Queue<RunTask> _waiting = new();
    private readonly Dictionary<RunTask, TaskCompleted> _results = [];   // by the task without its asker
    private readonly Queue<RunTask> _resultOrder = new();

    /// <summary>The task that runs, as it was last asked for.</summary>
    public RunTask? Running { get; private set; }

    /// <summary>How many wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>
    /// A task is asked for, perhaps not for the first time. A repetition may name another asker, who gets the result; it is
    /// one only with the same job text and specification, for a job's name may come back with another text.
    /// </summary>
    public TaskVerdict OnRun(RunTask task)
    {
        if (_results.ContainsKey(KeyOf(task))) return TaskVerdict.Repeat;
        if (Running is not null && KeyOf(Running) == KeyOf(task))
        {
            Running = task;
            return TaskVerdict.Confirm;
        }
        if (ReplaceWaiting(task)) return TaskVerdict.Confirm;
        if (Running is null)
        {
            Running = task;
            return TaskVerdict.Run;
        }
        if (_waiting.Count >= QueueMax) return TaskVerdict.Refuse;
        _waiting.Enqueue(task);
        return TaskVerdict.Confirm;
    }

    /// <summary>The kept result of a finished task.</summary>
    public TaskCompleted ResultOf(RunTask task) => _results[KeyOf(task)];

    /// <summary>
    /// The running task has ended with this result. Returns the next one to run, or null. A failure is not kept: who asks
    /// again may have put right what was wrong.
    /// </summary>
    public RunTask? OnEnded(IClusterMessage result)
    {
        if (result is TaskCompleted completed) Keep(KeyOf(Running!), completed);
        return Next();
    }

    /// <summary>The running task could not be begun. It is forgotten, so that it may be asked for again. Returns the next one to run, or null.</summary>
    public RunTask? OnNotBegun() => Next();

    private RunTask? Next()
    {
        Running = _waiting.Count > 0 ? _waiting.Dequeue() : null;
        return Running;
    }

    private bool ReplaceWaiting(RunTask task)
    {
        bool found = false;
        for (int i = _waiting.Count; i > 0; i--)
        {
            RunTask waiting = _waiting.Dequeue();
            bool same = KeyOf(waiting) == KeyOf(task);
            found |= same;
            _waiting.Enqueue(same ? task : waiting);
        }
        return found;
    }

    private static RunTask KeyOf(RunTask task) => task with { ReplyTo = ActorRefs.Nobody };

    private void Keep(RunTask task, TaskCompleted result)
    {
        _results[task] = result;
        _resultOrder.Enqueue(task);
        if (_resultOrder.Count > ResultsMax) _results.Remove(_resultOrder.Dequeue());
    }
}

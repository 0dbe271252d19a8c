using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Tasks;

/// <summary>A task for a runner.</summary>
/// <param name="Index">Which task.</param>
/// <param name="Runner">Which runner gets it.</param>
internal readonly record struct Assignment(int Index, RunnerPlace Runner);

/// <summary>
/// Which runner computes which task. A task is a pure function, so it may be given to a second runner when the first is
/// silent, and the first result counts; results are kept by index, in any order of arrival.
/// </summary>
internal sealed class TaskTable(CoordinatorLimits limits)
{
    private sealed record Running(int Index, DateTimeOffset Since, DateTimeOffset Asked, bool Started);

    private readonly List<TaskBytes?> _results = [];
    private readonly Dictionary<RunnerPlace, Running> _running = [];
    private readonly Dictionary<RunnerPlace, DateTimeOffset> _restingUntil = [];
    private readonly HashSet<(RunnerPlace Runner, int Index)> _given = [];      // a runner that was passed over may still answer

    /// <summary>How many tasks there are.</summary>
    public int Count => _results.Count;

    /// <summary>Whether every task has its result.</summary>
    public bool IsComplete => Completed == Count;

    /// <summary>How many tasks have a result.</summary>
    public int Completed { get; private set; }

    /// <summary>How many runners compute.</summary>
    public int Runners => _running.Count;

    /// <summary>The result of a task, or null.</summary>
    public TaskBytes? ResultOf(int index) => _results[index];

    /// <summary>There are so many tasks more.</summary>
    public void Add(int count) => _results.AddRange(Enumerable.Repeat<TaskBytes?>(null, count));

    /// <summary>Whether a runner was ever given a task.</summary>
    public bool IsGiven(RunnerPlace runner, int index) => _given.Contains((runner, index));

    /// <summary>Whether this task has no result yet.</summary>
    public bool IsNew(int index) => index >= 0 && index < Count && _results[index] is null;

    /// <summary>Keeps a result, and frees every runner that was at it.</summary>
    public void OnCompleted(int index, TaskBytes result)
    {
        if (!IsNew(index)) return;
        _results[index] = result;
        Completed++;
        foreach (RunnerPlace runner in RunnersOf(index)) _running.Remove(runner);
    }

    /// <summary>The runner confirms that it has the task.</summary>
    public void OnStarted(RunnerPlace runner, int index)
    {
        if (_running.TryGetValue(runner, out Running? running) && running.Index == index)
            _running[runner] = running with { Started = true };
    }

    /// <summary>The runner has no core free: it is asked again later.</summary>
    public void OnRefused(RunnerPlace runner, int index, DateTimeOffset now)
    {
        if (!_running.TryGetValue(runner, out Running? running) || running.Index != index) return;
        _running.Remove(runner);
        _restingUntil[runner] = now + limits.TaskStartDeadline;
    }

    /// <summary>A node is gone, with its runners.</summary>
    /// <returns>The tasks that they were at.</returns>
    public ImmutableArray<int> OnLost(Address node)
    {
        ImmutableArray<int> lost = [.. _running.Where(pair => pair.Key.Node == node).Select(pair => pair.Value.Index)];
        foreach (RunnerPlace runner in _running.Keys.Where(runner => runner.Node == node).ToArray()) _running.Remove(runner);
        return lost;
    }

    /// <summary>
    /// Gives every free runner a task that no other is at. Asks those again that have not confirmed, and now and then those
    /// that have: a result may have been lost on its way, and the runner that has it says it again. A runner that is silent or
    /// slow beyond its deadline is passed over, and its task given to another.
    /// </summary>
    public ImmutableArray<Assignment> Assign(IReadOnlyCollection<RunnerPlace> runners, DateTimeOffset now)
    {
        foreach ((RunnerPlace runner, Running running) in _running.ToArray())
            if (!runners.Contains(runner) || now - running.Since > (running.Started ? limits.TaskDeadline : limits.TaskStartDeadline))
            {
                _running.Remove(runner);
                _restingUntil[runner] = now + limits.TaskStartDeadline;
            }
        ImmutableArray<Assignment>.Builder assignments = ImmutableArray.CreateBuilder<Assignment>();
        foreach (RunnerPlace runner in runners)
        {
            if (_running.TryGetValue(runner, out Running? at))
            {
                if (at.Started && now - at.Asked < limits.TaskAskInterval) continue;
                _running[runner] = at with { Asked = now };
                assignments.Add(new Assignment(at.Index, runner));
                continue;
            }
            if (_restingUntil.TryGetValue(runner, out DateTimeOffset until) && now < until) continue;
            if (NextTask() is not { } index) continue;
            _running[runner] = new Running(index, now, now, Started: false);
            _given.Add((runner, index));
            assignments.Add(new Assignment(index, runner));
        }
        return assignments.ToImmutable();
    }

    private int? NextTask()
    {
        HashSet<int> taken = [.. _running.Values.Select(running => running.Index)];
        for (int index = 0; index < Count; index++)
            if (_results[index] is null && !taken.Contains(index)) return index;
        return null;
    }

    private RunnerPlace[] RunnersOf(int index) => [.. _running.Where(pair => pair.Value.Index == index).Select(pair => pair.Key)];
}

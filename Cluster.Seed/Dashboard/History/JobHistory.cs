using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard.Charts;

namespace Cluster.Seed.Dashboard.History;

/// <summary>What one job has reported since this seed hears of it: its curves, thinned, its tasks, and what happened to it.</summary>
/// <remarks>Threads  one at a time: <see cref="RunHistory"/> sees to that</remarks>
internal sealed class JobHistory(JobId job, DateTimeOffset since)
{
    /// <summary>How many tasks are kept; more are counted alone.</summary>
    public const int TasksMax = 1024;

    private const int EventsMax = 100, CurvesMax = 32;
    private readonly Dictionary<string, NamedCurve> _curves = [];
    private readonly SortedDictionary<int, TaskOutcome> _tasks = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly StepPace _pace = new();

    /// <summary>The job.</summary>
    public JobId Job => job;

    /// <summary>When the first was heard of it.</summary>
    public DateTimeOffset Since { get; } = since;

    /// <summary>When the last was heard of it.</summary>
    public DateTimeOffset HeardLast { get; private set; } = since;

    /// <summary>How far it is; null if it has said nothing of steps.</summary>
    public StepsProgressed? Steps { get; private set; }

    /// <summary>The last epoch that was measured; null if none was.</summary>
    public EpochProgressed? Epoch { get; private set; }

    /// <summary>The last of its tasks to end; null if none has.</summary>
    public TaskProgressed? Task { get; private set; }

    /// <summary>How it ended; null if it has not, or goes on.</summary>
    public JobFinished? Finished { get; private set; }

    /// <summary>Takes a report in.</summary>
    public void OnReport(IJobMessage report, DateTimeOffset now)
    {
        HeardLast = now;
        switch (report)
        {
            case StepsProgressed steps: OnSteps(steps, now); break;
            case EpochProgressed epoch: OnEpoch(epoch); break;
            case TaskProgressed task: OnTask(task); break;
            case JobFinished finished: OnFinished(finished, now); break;
        }
    }

    /// <summary>Notes what happened; of too much the oldest is forgotten.</summary>
    public void Note(DateTimeOffset at, string text)
    {
        if (_events.Count == EventsMax) _events.RemoveAt(0);
        _events.Add(new HistoryEvent(at, text));
    }

    /// <summary>What a page shows.</summary>
    public JobSight Look(DateTimeOffset now) => new(
        Job, Since, HeardLast, Steps, Epoch, Task, Finished, Finished is null ? _pace.TimeLeft(Steps, now) : null, Finished is null ? _pace.At(now) : null,
        [.. _curves.Values.Select(curve => curve.Look())], [.. _tasks.Select(task => new TaskSight(task.Key, task.Value))], [.. _events]);

    private void OnSteps(StepsProgressed steps, DateTimeOffset now)
    {
        if (Finished is not null)
        {
            Note(now, $"goes on at step {steps.Step:N0}");
            Finished = null;
        }
        if (Steps is { } before) Compare(before, steps, now);
        _pace.OnSteps(steps.Step, now);
        Steps = steps;
        Add("training loss", CurveAxis.Step, steps.Step, steps.Loss);
        Add("training accuracy", CurveAxis.Step, steps.Step, steps.Accuracy);
        Add("examples per second", CurveAxis.Step, steps.Step, steps.ExamplesPerSecond);
        if (steps.Workers > 0) Add("workers", CurveAxis.Step, steps.Step, steps.Workers);
    }

    private void Compare(StepsProgressed before, StepsProgressed now, DateTimeOffset at)
    {
        if (now.Workers != before.Workers && before.Workers > 0) Note(at, $"workers: {before.Workers} → {now.Workers}, at step {now.Step:N0}");
        if (now.Step < before.Step) Note(at, $"went back from step {before.Step:N0} to {now.Step:N0}, to the newest checkpoint");
        else if (_pace.Standstill(now.Step, at) is { } still && now.Epoch == before.Epoch) Note(at, $"stood still for {still.TotalSeconds:F1} s before step {now.Step:N0}");
    }

    private void OnEpoch(EpochProgressed epoch)
    {
        Epoch = epoch;
        foreach (NamedFigure figure in epoch.Training) Add($"training {figure.Name}, by epoch", CurveAxis.Epoch, epoch.Epoch + 1, figure.Value);
        foreach (NamedFigure figure in epoch.Validation) Add($"validation {figure.Name}", CurveAxis.Epoch, epoch.Epoch + 1, figure.Value);
        Add("epsilon", CurveAxis.Epoch, epoch.Epoch + 1, epoch.Epsilon);
    }

    private void OnTask(TaskProgressed task)
    {
        Task = task;
        if (_tasks.Count < TasksMax || _tasks.ContainsKey(task.Index)) _tasks[task.Index] = task.Outcome;
    }

    private void OnFinished(JobFinished finished, DateTimeOffset now)
    {
        Finished = finished;
        for (int i = 0; i < Math.Min(TasksMax, finished.Tasks.Length); i++) _tasks[i] = finished.Tasks[i];
        Note(now, finished.Reason.Length == 0 ? JobStatusWord.Of(finished.Status) : $"{JobStatusWord.Of(finished.Status)}: {finished.Reason}");
    }

    private void Add(string name, CurveAxis axis, double x, double y)
    {
        if (!double.IsFinite(y)) return;
        if (!_curves.TryGetValue(name, out NamedCurve? curve))
        {
            if (_curves.Count == CurvesMax) return;
            _curves[name] = curve = new NamedCurve(name, axis, new ThinnedCurve());
        }
        curve.Curve.Add(x, y);
    }
}

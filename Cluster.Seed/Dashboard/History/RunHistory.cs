using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Seed.Dashboard.History;

/// <summary>What this seed has heard since it started: of each job, and of nodes that came and were lost. Bounded; the job that was silent longest makes room.</summary>
/// <remarks>Threads  any: written by <see cref="HistoryActor"/>, read by requests</remarks>
internal sealed class RunHistory(TimeProvider time)
{
    /// <summary>How many jobs are remembered.</summary>
    public const int JobsMax = 1024;

    /// <summary>How many losses are remembered.</summary>
    public const int LossesMax = 100;

    private const int EventsMax = 200, TextsMax = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<JobId, LinkedListNode<JobHistory>> _jobs = [];
    private readonly LinkedList<JobHistory> _byAge = new();     // longest silent first
    private readonly Dictionary<JobId, string> _texts = [];
    private readonly Queue<JobId> _textsByAge = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly List<NodeLoss> _losses = [];

    /// <summary>Since when it listens.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>Takes a job's report in.</summary>
    public void OnReport(IJobMessage report)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            JobHistory job = Touch(report.Job, now);
            long before = job.Steps?.Step ?? -1;
            job.OnReport(report, now);
            if (report is StepsProgressed steps && steps.Step > before) Heal(steps, now);
        }
    }

    /// <summary>Keeps the text that a job was submitted with.</summary>
    public void OnSubmitted(JobId job, string text)
    {
        lock (_gate)
        {
            if (!_texts.ContainsKey(job)) _textsByAge.Enqueue(job);
            _texts[job] = text;
            if (_textsByAge.Count > TextsMax) _texts.Remove(_textsByAge.Dequeue());
        }
    }

    /// <summary>A node is a member, or is heard again.</summary>
    public void OnNodeHeard(string node, IEnumerable<string> roles)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            int lost = _losses.FindLastIndex(loss => loss.Node == node && loss is { Back: null, Removed: null });
            if (lost >= 0) _losses[lost] = _losses[lost] with { Back = now };
            Note(now, $"{node} ({string.Join(", ", roles)}) {(lost >= 0 ? "is heard again" : "is a member")}");
        }
    }

    /// <summary>A node is not heard any more.</summary>
    public void OnNodeSilent(string node, ImmutableArray<string> roles)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate) Lose(node, roles, now, "is not heard any more");
    }

    /// <summary>A node is no member any more.</summary>
    public void OnNodeRemoved(string node, ImmutableArray<string> roles, bool left)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (left)
            {
                Note(now, $"{node} ({string.Join(", ", roles)}) has left");
                return;
            }
            int lost = _losses.FindLastIndex(loss => loss.Node == node && loss is { Back: null, Removed: null });
            if (lost < 0) lost = Lose(node, roles, now, "is lost");
            _losses[lost] = _losses[lost] with { Removed = now };
            Note(now, $"{node} ({string.Join(", ", roles)}) was given up");
        }
    }

    /// <summary>What is known of a job; null for nothing.</summary>
    public JobSight? Look(JobId job)
    {
        lock (_gate) return _jobs.TryGetValue(job, out LinkedListNode<JobHistory>? node) ? node.Value.Look(time.GetUtcNow()) : null;
    }

    /// <summary>The text that a job was submitted with through this seed; null if it was not.</summary>
    public string? TextOf(JobId job)
    {
        lock (_gate) return _texts.GetValueOrDefault(job);
    }

    /// <summary>What happened to nodes, newest first.</summary>
    public (ImmutableArray<HistoryEvent> Events, ImmutableArray<NodeLoss> Losses) LookAtNodes()
    {
        lock (_gate) return ([.. _events.AsEnumerable().Reverse()], [.. _losses.AsEnumerable().Reverse()]);
    }

    private JobHistory Touch(JobId job, DateTimeOffset now)
    {
        if (_jobs.TryGetValue(job, out LinkedListNode<JobHistory>? node)) _byAge.Remove(node);
        else node = new LinkedListNode<JobHistory>(new JobHistory(job, now));
        _byAge.AddLast(node);
        _jobs[job] = node;
        if (_jobs.Count > JobsMax)
        {
            _jobs.Remove(_byAge.First!.Value.Job);
            _byAge.RemoveFirst();
        }
        return node.Value;
    }

    private int Lose(string node, ImmutableArray<string> roles, DateTimeOffset now, string what)
    {
        if (_losses.Count == LossesMax) _losses.RemoveAt(0);
        _losses.Add(new NodeLoss(node, roles, now, null, null, []));
        Note(now, $"{node} ({string.Join(", ", roles)}) {what}");
        foreach (JobHistory job in _byAge)
            if (job is { Finished: null, Steps: not null }) job.Note(now, $"the cluster lost {node} ({string.Join(", ", roles)})");
        return _losses.Count - 1;
    }

    /// <summary>The first new step after a loss says that training has got over it.</summary>
    private void Heal(StepsProgressed steps, DateTimeOffset now)
    {
        for (int i = 0; i < _losses.Count; i++)
        {
            if (_losses[i].Healed.Any(healed => healed.Job == steps.Job.Value) || Find(steps.Job)?.Since > _losses[i].At) continue;
            _losses[i] = _losses[i] with { Healed = _losses[i].Healed.Add(new JobHealed(steps.Job.Value, now, steps.Step, steps.Workers)) };
        }
    }

    private JobHistory? Find(JobId job) => _jobs.TryGetValue(job, out LinkedListNode<JobHistory>? node) ? node.Value : null;

    private void Note(DateTimeOffset at, string text)
    {
        if (_events.Count == EventsMax) _events.RemoveAt(0);
        _events.Add(new HistoryEvent(at, text));
    }
}

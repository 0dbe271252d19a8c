using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Decides which micro-batches of a round are computed a second time, and by whom. A sum has the same bits whoever computes
/// it, so the first answer wins and no result depends on any of this.
/// </summary>
/// <remarks>
/// Rule    a worker is late when it owes an answer for longer than <paramref name="after"/> times the median answer, or
///         owes one at all after it was late in its last round; what it owes is dealt among the workers that owe nothing,
///         each micro-batch once a round
/// Source  Dean and Ghemawat, "MapReduce", OSDI 2004, § 3.6 (backup tasks)
/// </remarks>
internal sealed class Speculation(double after)
{
    private readonly HashSet<WorkerId> _slow = [];
    private readonly HashSet<WorkerId> _helping = [];
    private readonly HashSet<int> _given = [];
    private readonly AnswerTimes _times = new();

    /// <summary>A training round begins.</summary>
    public void OnOpened()
    {
        _helping.Clear();
        _given.Clear();
    }

    /// <summary>A worker's sum of its own shards was taken.</summary>
    public void OnOwnAnswer(WorkerId worker, TimeSpan took)
    {
        _times.Add(took);
        _slow.Remove(worker);
    }

    /// <summary>Who is to be asked now; nobody if nothing is late, or nobody is free.</summary>
    /// <param name="directory">Who holds what.</param>
    /// <param name="tree">What is missing.</param>
    /// <param name="open">How long the round has been open.</param>
    public IReadOnlyList<Help> Plan(ShardDirectory directory, IContributionSum tree, TimeSpan open)
    {
        bool overdue = _times.Median is { } median && open > after * median;
        if (!overdue && _slow.Count == 0) return [];
        int[] missing = FindLate(directory, tree, overdue);
        if (missing.Length == 0) return [];
        HostingWorker[] idle = [.. directory.Workers.Where(worker => !_helping.Contains(worker.Id) && !ShardDirectory.HoldsMissing(worker, tree))];
        Help[] plan = Help.Deal(missing, idle);
        foreach (Help help in plan)
        {
            _helping.Add(help.Helper.Id);
            _given.UnionWith(help.Shards);
        }
        return plan;
    }

    private int[] FindLate(ShardDirectory directory, IContributionSum tree, bool overdue)
    {
        SortedSet<int> missing = [];
        foreach (HostingWorker worker in directory.Workers)
        {
            if (!ShardDirectory.HoldsMissing(worker, tree) || !(overdue || _slow.Contains(worker.Id))) continue;
            _slow.Add(worker.Id);
            missing.UnionWith(worker.Shards.Where(shard => tree.IsMissing(shard) && !_given.Contains(shard)));
        }
        return [.. missing];
    }
}

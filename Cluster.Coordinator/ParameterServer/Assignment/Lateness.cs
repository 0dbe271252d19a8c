using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>Says which workers are late with what they hold.</summary>
/// <remarks>
/// Rule    a worker is late when it owes an answer for longer than <paramref name="after"/> times the median answer, or
///         owes one at all after it was late in its last round
/// Source  Dean and Ghemawat, "MapReduce", OSDI 2004, § 3.6 (backup tasks)
/// </remarks>
internal sealed class Lateness(double after)
{
    private readonly HashSet<WorkerId> _slow = [];
    private readonly AnswerTimes _times = new();

    /// <summary>A worker's sum of its own shards was taken.</summary>
    public void OnOwnAnswer(WorkerId worker, TimeSpan took)
    {
        _times.Add(took);
        _slow.Remove(worker);
    }

    /// <summary>Those that are late, of workers that owe an answer.</summary>
    /// <param name="owing">Who owes one.</param>
    /// <param name="open">How long the round has been open.</param>
    public IEnumerable<ShardHost> Late(IEnumerable<ShardHost> owing, TimeSpan open)
    {
        bool overdue = _times.Median is { } median && open > after * median;
        if (!overdue && _slow.Count == 0) return [];
        ShardHost[] late = [.. owing.Where(host => overdue || _slow.Contains(host.Id))];
        foreach (ShardHost host in late) _slow.Add(host.Id);
        return late;
    }
}

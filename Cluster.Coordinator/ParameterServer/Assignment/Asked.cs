using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>Which micro-batches of the open round each worker was asked for: those that it holds, and those of others that it was given. Of nothing else is its word taken.</summary>
/// <param name="microBatches">How many there are.</param>
/// <remarks>Cost  a bit for each worker and micro-batch; nothing is allocated from round to round</remarks>
internal sealed class Asked(int microBatches)
{
    private readonly Dictionary<WorkerId, bool[]> _asked = [];

    /// <summary>A round begins, which goes to these.</summary>
    public void Open(IReadOnlyList<ShardHost> hosts)
    {
        if (_asked.Count > hosts.Count) _asked.Clear();      // some are gone
        foreach (bool[] asked in _asked.Values) Array.Clear(asked);
        for (int i = 0; i < hosts.Count; i++) Add(hosts[i].Id, hosts[i].Shards);
    }

    /// <summary>A worker is asked for these, or says that it holds them.</summary>
    public void Add(WorkerId worker, ImmutableArray<int> shards)
    {
        if (!_asked.TryGetValue(worker, out bool[]? asked)) _asked[worker] = asked = new bool[microBatches];
        foreach (int shard in shards)
            if (shard >= 0 && shard < microBatches) asked[shard] = true;
    }

    /// <summary>Whether the worker was asked for all of them.</summary>
    public bool Has(WorkerId worker, SubtreeId subtree) =>
        subtree.First >= 0 && subtree.Count > 0 && subtree.First <= microBatches - subtree.Count
        && _asked.TryGetValue(worker, out bool[]? asked) && !asked.AsSpan(subtree.First, subtree.Count).Contains(false);
}

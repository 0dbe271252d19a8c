using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>A worker that said which data shards it holds.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Ref">Where states are sent.</param>
/// <param name="Shards">What it holds.</param>
internal sealed record HostingWorker(WorkerId Id, IActorRef Ref, ImmutableArray<int> Shards);

/// <summary>
/// Who holds which data shard of one job, as far as the workers said. Two may claim the same shard while it moves: both
/// are asked, and the first answer wins.
/// </summary>
internal sealed class ShardDirectory(int shardCount)
{
    private readonly List<HostingWorker> _workers = [];

    /// <summary>Workers that hold at least one shard, in the order in which they came.</summary>
    public IReadOnlyList<HostingWorker> Workers => _workers;

    /// <summary>Takes a worker's word for what it holds, in the place of what it said before.</summary>
    /// <returns>The reference that it had before under that name, if it was another one: it is no longer to be watched.</returns>
    public IActorRef? Announce(WorkerId id, IActorRef worker, ImmutableArray<int> shards)
    {
        int known = _workers.FindIndex(other => other.Id == id);
        IActorRef? before = known >= 0 && !_workers[known].Ref.Equals(worker) ? _workers[known].Ref : null;
        HostingWorker hosting = new(id, worker, [.. shards.Where(shard => shard >= 0 && shard < shardCount).Distinct().Order()]);
        if (known >= 0 && hosting.Shards.IsEmpty) _workers.RemoveAt(known);
        else if (known >= 0) _workers[known] = hosting;
        else if (!hosting.Shards.IsEmpty) _workers.Add(hosting);
        return before;
    }

    /// <summary>Forgets a worker that is gone.</summary>
    /// <returns>Whether it held anything.</returns>
    public bool Lose(IActorRef worker) => _workers.RemoveAll(other => other.Ref.Equals(worker)) > 0;

    /// <summary>Forgets the workers of a node that is gone.</summary>
    /// <returns>Whether one of them held anything.</returns>
    public bool LoseWhere(Predicate<HostingWorker> gone) => _workers.RemoveAll(gone) > 0;

    /// <summary>The worker of that name, or null if it holds nothing.</summary>
    public HostingWorker? Find(WorkerId id)
    {
        foreach (HostingWorker worker in _workers)
            if (worker.Id == id) return worker;
        return null;
    }

    /// <summary>Whether some worker holds this shard.</summary>
    public bool IsHosted(int shard)
    {
        foreach (HostingWorker worker in _workers)
            if (worker.Shards.Contains(shard)) return true;
        return false;
    }

    /// <summary>Shards that no worker said that it holds.</summary>
    public IEnumerable<int> Unhosted => Enumerable.Range(0, shardCount).Where(shard => !IsHosted(shard));

    /// <summary>Whether the worker holds a shard whose sum has not come.</summary>
    public static bool HoldsMissing(HostingWorker worker, IContributionSum tree)
    {
        foreach (int shard in worker.Shards)
            if (tree.IsMissing(shard)) return true;
        return false;
    }
}

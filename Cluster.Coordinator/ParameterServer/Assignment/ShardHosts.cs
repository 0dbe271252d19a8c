using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>A worker that said which data shards it holds.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Node">The node that it is on; workers of one node are lost and heard together.</param>
/// <param name="Shards">What it holds, ascending.</param>
internal sealed record ShardHost(WorkerId Id, string Node, ImmutableArray<int> Shards);

/// <summary>
/// Who holds which data shard of one job, as far as the workers said. Two may claim the same shard while it moves: both
/// are asked, and the first answer wins.
/// </summary>
/// <param name="shardCount">How many shards the job has.</param>
internal sealed class ShardHosts(int shardCount)
{
    private readonly List<ShardHost> _hosts = [];

    /// <summary>Workers that hold at least one shard, by name: nothing depends on the order in which they came.</summary>
    public IReadOnlyList<ShardHost> All => _hosts;

    /// <summary>Takes a worker's word for what it holds, in the place of what it said before.</summary>
    /// <returns>What it holds of the shards that there are.</returns>
    public ShardHost Announce(ShardHost said)
    {
        ShardHost host = said with { Shards = [.. said.Shards.Where(shard => shard >= 0 && shard < shardCount).Distinct().Order()] };
        int place = 0;
        while (place < _hosts.Count && string.CompareOrdinal(_hosts[place].Id.Value, host.Id.Value) < 0) place++;
        if (place < _hosts.Count && _hosts[place].Id == host.Id) _hosts.RemoveAt(place);
        if (!host.Shards.IsEmpty) _hosts.Insert(place, host);
        return host;
    }

    /// <summary>Forgets a worker that is gone.</summary>
    /// <returns>What it held; null if that is nothing.</returns>
    public ShardHost? Lose(WorkerId id)
    {
        ShardHost? host = Find(id);
        if (host is not null) _hosts.Remove(host);
        return host;
    }

    /// <summary>The worker of that name, or null if it holds nothing.</summary>
    public ShardHost? Find(WorkerId id)
    {
        foreach (ShardHost host in _hosts)
            if (host.Id == id) return host;
        return null;
    }

    /// <summary>Whether some worker holds this shard.</summary>
    public bool IsHosted(int shard)
    {
        foreach (ShardHost host in _hosts)
            if (host.Shards.Contains(shard)) return true;
        return false;
    }

    /// <summary>Shards that no worker said that it holds.</summary>
    public IEnumerable<int> Unhosted => Enumerable.Range(0, shardCount).Where(shard => !IsHosted(shard));
}

using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Decides who computes the micro-batches of a worker that is lost, or that the cluster cannot hear, until it is heard again or
/// sharding has found them another home: whoever is there. A sum has the same bits whoever computes it, so a step waits
/// neither for the cluster to be sure of a loss nor for shards to move.
/// </summary>
/// <param name="directory">Who holds what.</param>
internal sealed class StandIns(ShardDirectory directory)
{
    private readonly HashSet<Address> _silent = [];
    private readonly SortedSet<int> _homeless = [];     // of workers that are lost
    private readonly HashSet<int> _given = [];

    /// <summary>Whether the cluster cannot hear the worker's node.</summary>
    public bool IsSilent(HostingWorker worker) => _silent.Contains(worker.Ref.Path.Address);

    /// <summary>A round begins, or is asked for again: what was given may be given anew.</summary>
    public void OnOpened() => _given.Clear();

    /// <summary>The cluster cannot hear a node.</summary>
    public void OnSilent(Address node)
    {
        if (_silent.Add(node)) _given.Clear();
    }

    /// <summary>It can again.</summary>
    public void OnHeard(Address node) => _silent.Remove(node);

    /// <summary>A worker is gone for good.</summary>
    public void OnLost(HostingWorker worker)
    {
        _silent.Remove(worker.Ref.Path.Address);
        _homeless.UnionWith(worker.Shards);
        _given.Clear();
    }

    /// <summary>A worker says that it holds these.</summary>
    public void OnHosted(ImmutableArray<int> shards) => _homeless.ExceptWith(shards);

    /// <summary>Who is to be asked now; nobody where every worker can be heard, or none is left.</summary>
    /// <param name="tree">What is missing.</param>
    public IReadOnlyList<Help> Plan(IContributionSum tree)
    {
        if (_silent.Count == 0 && _homeless.Count == 0) return [];
        HostingWorker[] there = [.. directory.Workers.Where(worker => !IsSilent(worker))];
        SortedSet<int> wanted = [.. _homeless, .. directory.Workers.Where(IsSilent).SelectMany(worker => worker.Shards)];

        // What nobody has held yet is on its way, unless its home is a node that was silent before this life began.
        if (_silent.Count > 0) wanted.UnionWith(directory.Unhosted);
        wanted.ExceptWith(there.SelectMany(worker => worker.Shards));
        Help[] plan = Help.Deal([.. wanted.Where(shard => tree.IsMissing(shard) && !_given.Contains(shard))], there);
        foreach (Help help in plan) _given.UnionWith(help.Shards);
        return plan;
    }
}

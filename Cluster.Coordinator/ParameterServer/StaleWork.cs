using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>What one worker was last given to do with bounded staleness: some micro-batches at one step, from a state that stays as it was.</summary>
internal sealed class StaleWork
{
    private readonly HashSet<int> _open;

    /// <param name="round">Names it; its step is that of the micro-batches.</param>
    /// <param name="shards">The micro-batches, ascending.</param>
    /// <param name="state">A copy of the state.</param>
    /// <param name="version">How many contributions the state has taken.</param>
    /// <param name="ahead">How many steps they are ahead of the slowest.</param>
    /// <param name="inbox">Where its sums come in.</param>
    public StaleWork(RoundId round, ImmutableArray<int> shards, NumericBuffer state, long version, long ahead, ContributionInbox inbox)
    {
        (Round, Shards, State, Version, Ahead, Inbox) = (round, shards, state, version, ahead, inbox);
        _open = [.. shards];
    }

    public RoundId Round { get; }

    public ImmutableArray<int> Shards { get; }

    public NumericBuffer State { get; }

    public long Version { get; }

    public long Ahead { get; }

    /// <summary>Where its sums come in.</summary>
    public ContributionInbox Inbox { get; }

    /// <summary>Whether nothing more is awaited.</summary>
    public bool IsDone => _open.Count == 0;

    /// <summary>What is still awaited, ascending.</summary>
    public ImmutableArray<int> Open => [.. _open.Order()];

    /// <summary>Whether all of it is awaited.</summary>
    public bool Awaits(SubtreeId subtree)
    {
        for (int shard = subtree.First; shard < subtree.First + subtree.Count; shard++)
            if (!_open.Contains(shard)) return false;
        return true;
    }

    /// <summary>A sum has come. False where some of it was not awaited.</summary>
    public bool Close(SubtreeId subtree)
    {
        if (!Awaits(subtree)) return false;
        for (int shard = subtree.First; shard < subtree.First + subtree.Count; shard++) _open.Remove(shard);
        return true;
    }
}

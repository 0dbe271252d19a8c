using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// The ledger of training with bounded staleness: which step each micro-batch contributes to next. A step of a micro-batch is
/// applied exactly when its clock stands at it, and the clock moves on with it: none is lost, and none counts twice.
/// </summary>
/// <remarks>
/// Invariant  clock − slowest clock ≤ bound for whatever is begun; ≤ bound + 1 for whatever has been applied
/// Source     Ho et al., "More Effective Distributed ML via a Stale Synchronous Parallel Parameter Server", NIPS 2013, § 2
/// Differs    from the paper in that a clock belongs to a micro-batch, not to a machine: it moves with its data shard
/// </remarks>
internal sealed class StaleClocks(int microBatches, int bound)
{
    private readonly long[] _clocks = new long[microBatches];

    /// <summary>The step of the micro-batch that is furthest behind: all steps before it are complete.</summary>
    public long Slowest { get; private set; }

    /// <summary>The next step of one micro-batch.</summary>
    public long this[int shard] => _clocks[shard];

    /// <summary>Whether the next step of this micro-batch may be begun now.</summary>
    /// <param name="shard">The micro-batch.</param>
    /// <param name="end">The step at which all wait for each other.</param>
    public bool MayBegin(int shard, long end) => _clocks[shard] < end && _clocks[shard] - Slowest <= bound;

    /// <summary>Takes one step of a subtree of micro-batches. False, and nothing is changed, where any of them is not at that step.</summary>
    public bool Take(Subtree subtree, long step)
    {
        Span<long> clocks = _clocks.AsSpan(subtree.First, subtree.Count);
        if (clocks.ContainsAnyExcept(step)) return false;
        if (step - Slowest > bound)
            throw new InvalidOperationException($"StaleClocks: wanted a step at most {bound} ahead of {Slowest}, got {step}.");
        clocks.Fill(step + 1);
        Slowest = System.Numerics.Tensors.TensorPrimitives.Min<long>(_clocks);
        return true;
    }

    /// <summary>Sets all clocks, as a checkpoint has them.</summary>
    public void Restore(ReadOnlySpan<long> clocks)
    {
        clocks.CopyTo(_clocks);
        Slowest = System.Numerics.Tensors.TensorPrimitives.Min<long>(_clocks);
    }

    /// <summary>Sets all clocks to one step.</summary>
    public void Restore(long step)
    {
        _clocks.AsSpan().Fill(step);
        Slowest = step;
    }

    /// <summary>The clocks, for a checkpoint.</summary>
    public long[] ToArray() => [.. _clocks];
}

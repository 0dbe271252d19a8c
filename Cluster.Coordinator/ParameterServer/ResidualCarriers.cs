using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Which worker carries what each micro-batch has left out since the beginning of the window of steps.</summary>
/// <remarks>
/// Rule  whoever's answer was taken at the beginning of the window, and only its answers are taken until the end: each of its answers was
///       computed from the one before, from states that nothing had yet overwritten
/// </remarks>
internal class ResidualCarriers(int microBatches)
{
    private readonly WorkerId?[] _carriers = new WorkerId?[microBatches];

    /// <summary>Who carries that of a micro-batch; null before its first answer of the window.</summary>
    public virtual WorkerId? this[int shard] => _carriers[shard];

    /// <summary>A window begins.</summary>
    public void Clear() => Array.Clear(_carriers);

    /// <summary>An answer was taken at the beginning of the window.</summary>
    public void Take(WorkerId worker, Subtree subtree) => Array.Fill(_carriers, worker, subtree.First, subtree.Count);

    /// <summary>Whether this worker carries all of them.</summary>
    public virtual bool Carries(WorkerId worker, Subtree subtree)
    {
        foreach (WorkerId? carrier in _carriers.AsSpan(subtree.First, subtree.Count))
            if (carrier != worker) return false;
        return true;
    }
}

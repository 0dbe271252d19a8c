using Cluster.Ml.Numerics;

namespace Cluster.Ml.Aggregation;

/// <summary>What gathers the contributions of one round into one: the <see cref="SumTree"/>.</summary>
/// <remarks>
/// Range     each micro-batch counts exactly once, however often and in whatever order it is offered
/// </remarks>
public interface IContributionSum
{
    /// <summary>Whether every micro-batch has been taken.</summary>
    bool IsComplete { get; }

    /// <summary>The contribution of all micro-batches.</summary>
    /// <exception cref="InvalidOperationException">Some are missing.</exception>
    NumericBuffer Total { get; }

    /// <summary>The contributions of the left and of the right half of the micro-batches, if they are not combined yet; else of all, and null.</summary>
    /// <exception cref="InvalidOperationException">Some are missing.</exception>
    (NumericBuffer Left, NumericBuffer? Right) Halves => (Total, null);

    /// <summary>Whether this micro-batch is still missing.</summary>
    bool IsMissing(int leaf);

    /// <summary>Takes the contribution of a subtree, and with it the buffer.</summary>
    /// <exception cref="ArgumentException">The subtree is not aligned.</exception>
    SumOutcome Offer(Subtree subtree, NumericBuffer sum);

    /// <summary>Empties it for the next round and releases what it holds.</summary>
    void Reset();
}

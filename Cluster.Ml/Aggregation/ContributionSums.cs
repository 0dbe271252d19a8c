using Cluster.Ml.Numerics;

namespace Cluster.Ml.Aggregation;

/// <summary>Gives what came in a message to a sum.</summary>
public static class ContributionSums
{
    /// <summary>
    /// Offers a whole contribution. Its buffer is taken over if it is one of this process; its bytes are copied if
    /// they came over the network. What is not needed is left alone: its owner may have sent it twice.
    /// </summary>
    /// <param name="sum">What gathers.</param>
    /// <param name="subtree">The micro-batches that it covers.</param>
    /// <param name="kind">How its numbers are stored.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="bytes">The numbers.</param>
    /// <param name="pool">Where a copy is made.</param>
    /// <param name="isSound">Whether a copy of which so many numbers came is a contribution; by default all are.</param>
    /// <param name="isFinite">Whether the numbers of such a copy are finite; not asked if it is left out.</param>
    /// <returns>What became of it; null if its bytes are no contribution.</returns>
    /// <exception cref="ArgumentException">The subtree is not aligned.</exception>
    public static SumOutcome? Offer(
        this IContributionSum sum, Subtree subtree, NumberKind kind, int length, ReadOnlyMemory<byte> bytes, NumericBufferPool pool,
        Func<NumericBuffer, int, bool>? isSound = null, Func<NumericBuffer, int, bool>? isFinite = null)
    {
        if (!sum.Misses(subtree)) return SumOutcome.Duplicate;
        if (!NumericBuffer.TryFind(kind, bytes, out NumericBuffer? buffer))
        {
            buffer = pool.Rent(kind, length);
            bytes.Span.CopyTo(buffer.Bytes);
            if (isSound?.Invoke(buffer, bytes.Length / buffer.ElementBytes) == false)
            {
                pool.Return(buffer);
                return null;
            }
            if (isFinite?.Invoke(buffer, bytes.Length / buffer.ElementBytes) == false)
            {
                pool.Return(buffer);
                return SumOutcome.NotFinite;
            }
        }
        return sum.Offer(subtree, buffer);
    }

    private static bool Misses(this IContributionSum sum, Subtree subtree)
    {
        for (int leaf = subtree.First; leaf < subtree.First + subtree.Count; leaf++)
            if (sum.IsMissing(leaf)) return true;
        return false;
    }
}

using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Aggregation;

/// <summary>An aligned subtree of the fixed binary summation tree: micro-batches First … First + Count − 1.</summary>
/// <param name="First">A multiple of Count.</param>
/// <param name="Count">A power of two.</param>
public readonly record struct Subtree(int First, int Count)
{
    /// <summary>Whether this is a node of the tree over <paramref name="leaves"/> micro-batches.</summary>
    public bool IsAligned(int leaves) =>
        Count > 0 && int.IsPow2(Count) && Count <= leaves && First >= 0 && First % Count == 0 && First <= leaves - Count;

    /// <summary>The largest aligned subtrees that together cover exactly the leaves for which <paramref name="wanted"/> is true, in order.</summary>
    public static void Cover(ReadOnlySpan<bool> wanted, ICollection<Subtree> cover)
    {
        for (int first = 0; first < wanted.Length;)
        {
            if (!wanted[first])
            {
                first++;
                continue;
            }
            int count = 1;
            while (first % (2 * count) == 0 && first + (2 * count) <= wanted.Length && !wanted.Slice(first, 2 * count).Contains(false))
                count *= 2;
            cover.Add(new Subtree(first, count));
            first += count;
        }
    }
}

/// <summary>What became of a partial sum that was offered to the tree.</summary>
public enum SumOutcome
{
    /// <summary>It was needed.</summary>
    Accepted,

    /// <summary>Its leaves were there already; being a pure function of the step, it said nothing new.</summary>
    Duplicate,

    /// <summary>Some of its numbers are not finite: it was left out.</summary>
    NotFinite,
}

/// <summary>Combines partial sums in one fixed order, whatever order they arrive in.</summary>
/// <remarks>
/// Equation  S(first, 2c) = Combine(S(first, c), S(first + c, c)),  bottom-up over aligned subtrees
/// Range     leaves is a power of two; a partial sum covers an aligned subtree
/// Cost      O(leaves) buffers at most, returned to the caller's pool as they merge; the two halves merge only when the total is asked for
/// </remarks>
public sealed class SumTree : IContributionSum
{
    /// <summary>As the key training.aggregate names it.</summary>
    internal static readonly NamedChoice Declared = new("mean", "the mean over a step's examples, summed as a fixed tree", new KeySet<object>(new object())) { WordOnly = true };

    private readonly NumericBuffer?[] _nodes;   // heap order: node 1 is the root, node leaves + i is leaf i
    private readonly bool[] _merged;            // node was merged into an ancestor
    private readonly Action<NumericBuffer, NumericBuffer> _combine;
    private readonly Action<NumericBuffer> _release;

    /// <summary>An empty tree.</summary>
    /// <param name="leaves">How many micro-batches; a power of two.</param>
    /// <param name="combine">Merges the right buffer into the left one.</param>
    /// <param name="release">Takes back a buffer that is no longer needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">Leaves is not a power of two.</exception>
    public SumTree(int leaves, Action<NumericBuffer, NumericBuffer> combine, Action<NumericBuffer> release)
    {
        if (!int.IsPow2(leaves))
            throw new ArgumentOutOfRangeException(nameof(leaves), leaves, "SumTree: wanted a power of two of micro-batches.");
        Leaves = leaves;
        _nodes = new NumericBuffer?[2 * leaves];
        _merged = new bool[2 * leaves];
        _combine = combine;
        _release = release;
    }

    /// <summary>How many micro-batches a full sum has.</summary>
    public int Leaves { get; }

    /// <summary>Whether every micro-batch has been summed.</summary>
    public bool IsComplete => _nodes[1] is not null || HasHalves;

    /// <summary>The sum over all micro-batches.</summary>
    /// <exception cref="InvalidOperationException">Some are missing.</exception>
    public NumericBuffer Total
    {
        get
        {
            if (HasHalves) MergeInto(1);
            return _nodes[1] ?? throw new InvalidOperationException("SumTree: wanted every micro-batch, some are missing.");
        }
    }

    /// <inheritdoc/>
    public (NumericBuffer Left, NumericBuffer? Right) Halves => HasHalves ? (_nodes[2]!, _nodes[3]) : (Total, null);

    private bool HasHalves => Leaves > 1 && _nodes[2] is not null && _nodes[3] is not null;

    /// <summary>Takes a partial sum, and with it the buffer.</summary>
    /// <exception cref="ArgumentException">The subtree is not aligned.</exception>
    public SumOutcome Offer(Subtree subtree, NumericBuffer sum)
    {
        int node = NodeOf(subtree);
        if (IsCovered(node))
        {
            _release(sum);
            return SumOutcome.Duplicate;
        }
        ReleaseBelow(node);
        _nodes[node] = sum;
        MergeUpwards(node);
        return SumOutcome.Accepted;
    }

    /// <summary>Whether this leaf is still missing.</summary>
    public bool IsMissing(int leaf) => !IsCovered(Leaves + leaf);

    /// <summary>Empties the tree for the next step and releases what it holds.</summary>
    public void Reset()
    {
        for (int node = 1; node < _nodes.Length; node++)
        {
            if (_nodes[node] is { } buffer) _release(buffer);
            _nodes[node] = null;
            _merged[node] = false;
        }
    }

    private int NodeOf(Subtree subtree)
    {
        if (!subtree.IsAligned(Leaves))
            throw new ArgumentException($"SumTree: wanted an aligned subtree of {Leaves} micro-batches, got {subtree}.", nameof(subtree));
        return (Leaves / subtree.Count) + (subtree.First / subtree.Count);
    }

    private bool IsCovered(int node)
    {
        if (node == 1) return IsComplete;
        for (; node >= 1; node /= 2)
            if (_nodes[node] is not null || _merged[node]) return true;
        return false;
    }

    private void ReleaseBelow(int node)
    {
        for (int first = 2 * node, count = 2; first < _nodes.Length; first *= 2, count *= 2)
            for (int child = first; child < first + count; child++)
            {
                if (_nodes[child] is { } buffer) _release(buffer);
                _nodes[child] = null;
                _merged[child] = false;
            }
    }

    private void MergeUpwards(int node)
    {
        for (; node > 3 && _nodes[node ^ 1] is not null; node /= 2) MergeInto(node / 2);
    }

    private void MergeInto(int parent)
    {
        int left = 2 * parent, right = left + 1;
        _combine(_nodes[left]!, _nodes[right]!);
        _release(_nodes[right]!);
        _nodes[parent] = _nodes[left];
        _nodes[left] = _nodes[right] = null;
        _merged[left] = _merged[right] = true;
    }
}

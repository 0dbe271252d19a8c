using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>The rows of a shard that a tree draws, but for those that have come to a leaf, and the node that each has come to.</summary>
/// <param name="capacity">Rows of the shard.</param>
/// <remarks>Cost  9 bytes a row; a step looks at each row that is left once, and goes down as many levels as the tree has grown since</remarks>
internal sealed class DrawnRows(int capacity)
{
    private readonly int[] _rows = new int[capacity];
    private readonly int[] _nodes = new int[capacity];
    private readonly byte[] _weights = new byte[capacity];
    private int _count;
    private int _read;
    private int _written;

    /// <summary>Adds a row that is at the root.</summary>
    public void Add(int row, int root, byte weight)
    {
        if (weight == 0) return;
        (_rows[_count], _nodes[_count], _weights[_count]) = (row, root, weight);
        _count++;
    }

    /// <summary>Looks at the rows from the first.</summary>
    public void Rewind() => (_read, _written) = (0, 0);

    /// <summary>The next row below a bound that has not come to a leaf, at the node where it is now.</summary>
    /// <param name="end">Rows from here on wait.</param>
    /// <param name="nodes">The trees.</param>
    /// <param name="bins">[rows, features] from a first row on.</param>
    /// <param name="first">That row.</param>
    /// <param name="features">Columns.</param>
    /// <param name="row">The row.</param>
    /// <param name="node">Where it is.</param>
    /// <param name="weight">How often it is drawn.</param>
    public bool Next(int end, ReadOnlySpan<PackedNode> nodes, ReadOnlySpan<byte> bins, int first, int features, out int row, out int node, out byte weight)
    {
        for (; _read < _count && _rows[_read] < end; _read++)
        {
            (row, node, weight) = (_rows[_read], _nodes[_read], _weights[_read]);
            int offset = (row - first) * features;
            while (nodes[node] is { IsSplit: true } split) node = split.Left + (bins[offset + split.Feature] <= split.Cut ? 0 : 1);
            if (nodes[node].IsLeaf) continue;
            (_rows[_written], _nodes[_written], _weights[_written]) = (row, node, weight);
            _written++;
            _read++;
            return true;
        }
        (row, node, weight) = (0, 0, 0);
        return false;
    }

    /// <summary>Forgets the rows that have come to a leaf, once all were looked at.</summary>
    public void Close() => _count = _written;
}

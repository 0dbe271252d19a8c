using Cluster.Ml.Randomness;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>The columns that a node may be split by: a random order keyed by (seed, tree, the node's place in it).</summary>
/// <remarks>Range  the place is 1 of the root, 2i and 2i + 1 of the children of i: no tree depends on which grow beside it</remarks>
internal sealed class ColumnDraw(ulong seed, int treesPerSlice, int count) : IColumnOrder
{
    public int Count => count;

    public void Fill(NodeTable nodes, int slice, int node, Span<int> columns, int count)
    {
        (int root, long place) = PlaceOf(nodes, node);
        RandomStream stream = RandomStream.At(seed, RandomPurpose.SplitColumns, ((long)slice * treesPerSlice) + root, place);
        for (int i = 0; i < count; i++)
        {
            int other = i + stream.Next(columns.Length - i);
            (columns[i], columns[other]) = (columns[other], columns[i]);
        }
    }

    /// <summary>The tree of a node, within its slice, and its place.</summary>
    private static (int Root, long Place) PlaceOf(NodeTable nodes, int node)
    {
        (int at, long path, long bit) = (node, 0, 1);
        for (int parent = (int)nodes[at].Parent - 1; parent >= 0; at = parent, parent = (int)nodes[at].Parent - 1, bit <<= 1)
            if (at != (int)nodes[parent].Left) path |= bit;
        return (at, bit | path);
    }
}

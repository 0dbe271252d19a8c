namespace Cluster.Ml.Trees.Growth;

/// <summary>What a row needs of a node to go down: 12 bytes, where a node of the state has more than a hundred.</summary>
/// <param name="Feature">The column that splits.</param>
/// <param name="Left">The left child; the right one follows.</param>
/// <param name="Cut">The last bin that goes left.</param>
/// <param name="Kind">Waiting, leaf or split.</param>
internal readonly record struct PackedNode(int Feature, int Left, byte Cut, PackedNode.Sort Kind)
{
    /// <summary>The kinds of node.</summary>
    public enum Sort : byte
    {
        /// <summary>It waits for its histogram, or is none.</summary>
        Open,

        /// <summary>It splits no further.</summary>
        Leaf,

        /// <summary>It has two children.</summary>
        Split,
    }

    public bool IsSplit => Kind == Sort.Split;

    public bool IsLeaf => Kind == Sort.Leaf;

    /// <summary>The same node of a table.</summary>
    public static PackedNode Of(NodeTable.Node node) =>
        node.IsSplit ? new((int)node.Feature, (int)node.Left, (byte)node.Cut, Sort.Split) : new(0, 0, 0, node.IsWaiting || !node.Exists ? Sort.Open : Sort.Leaf);
}

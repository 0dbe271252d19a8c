using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>How much each column's splits gain.</summary>
/// <remarks>
/// Equation  importance of a column = Σ gain of the splits by it, in the criterion's units times rows
/// Source    Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), § 5.3
/// Differs   from the importance by permutation: columns with many values are favoured, and the rows are those that the tree was grown from
/// </remarks>
internal static class Importances
{
    /// <summary>Of each tree, in order.</summary>
    /// <param name="nodes">The trees that grew side by side; a child has a greater number than its parent.</param>
    /// <param name="roots">How many trees.</param>
    /// <param name="features">Columns.</param>
    /// <returns>[roots][features].</returns>
    public static double[][] OfTrees(NodeTable nodes, int roots, int features)
    {
        double[][] gains = [.. Enumerable.Range(0, roots).Select(_ => new double[features])];
        var treeOf = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            NodeTable.Node node = nodes[i];
            if (!node.Exists) continue;
            treeOf[i] = node.Parent == 0 ? i : treeOf[(int)node.Parent - 1];
            if (node.IsSplit) gains[treeOf[i]][(int)node.Feature] += node.Gain;
        }
        return gains;
    }
}

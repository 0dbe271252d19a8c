using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>Takes back splits that gain less than their leaves cost.</summary>
/// <remarks>
/// Objective  R(T) + α·|leaves of T|, R the mean impurity of the training rows; of equal trees the smallest
/// Equation   a split goes where the gains at and below it are at most α·n·(leaves below − 1); children are judged before parents
/// Source     Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), § 3.3
/// </remarks>
internal static class CostComplexity
{
    /// <summary>Prunes a tree that has grown.</summary>
    /// <param name="nodes">A child has a greater number than its parent.</param>
    /// <param name="count">How many.</param>
    /// <param name="leafCost">α·n.</param>
    public static void Prune(NodeTable nodes, int count, double leafCost)
    {
        (var gains, var leaves) = (new double[count], new double[count]);
        for (int i = count - 1; i >= 0; i--)
        {
            leaves[i] = 1;
            if (!nodes[i].IsSplit) continue;
            int left = (int)nodes[i].Left;
            gains[i] = nodes[i].Gain + gains[left] + gains[left + 1];
            leaves[i] = leaves[left] + leaves[left + 1];
            if (gains[i] > leafCost * (leaves[i] - 1)) continue;
            nodes[i].Close();
            (gains[i], leaves[i]) = (0, 1);
        }
        Sweep(nodes, count);
    }

    /// <summary>Clears the nodes below those that are leaves now.</summary>
    private static void Sweep(NodeTable nodes, int count)
    {
        for (int i = 1; i < count; i++)
        {
            NodeTable.Node parent = nodes[(int)nodes[i].Parent - 1];
            if (!parent.Exists || !parent.IsSplit) nodes[i].Remove();
        }
    }
}

using Cluster.Ml.Data;
using Cluster.Ml.Randomness;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>What a tree loses on the rows that it has not drawn if a column has the value of another row.</summary>
/// <remarks>
/// Equation  importance of a column = mean over trees and rows out of bag of loss(x with the column of x′) − loss(x), x′ a row of the same data shard drawn by
///           (seed, tree, row); the loss is 1 for a wrong class, or the squared error
/// Shapes    sums [1 + p]: pairs of tree and row, then what each column adds. All are whole numbers, errors in fixed point
/// Cost      a column that no split on the way of a row looks at changes nothing, so that a row is asked for at most as many columns as its way is long
/// Source    Breiman, "Random Forests", Machine Learning 45 (2001), § 10
/// Differs   from it in that values are drawn with replacement, each from the row's own data shard: its rows are at hand, wherever the others are
/// </remarks>
internal sealed class ColumnPermutation(ForestLearner learner)
{
    private readonly int _features = learner.Layout.Sizes.Features;
    private readonly ulong[] _random = new ulong[Bootstrap.RowsAtOnce];
    private readonly bool[] _isOnWay = new bool[learner.Layout.Sizes.Features];
    private readonly List<int> _way = [];

    /// <summary>Numbers that it sums.</summary>
    public static int LengthOf(int features) => 1 + features;

    /// <summary>Adds what one tree loses on some rows.</summary>
    /// <param name="state">The state.</param>
    /// <param name="tree">From 0.</param>
    /// <param name="shard">The rows' shard.</param>
    /// <param name="ids">Numbers of the rows.</param>
    /// <param name="weights">How often the tree draws each; it is asked about those with 0.</param>
    /// <param name="rows">[ids, features], as they are found again after the call.</param>
    /// <param name="targets">Of the rows.</param>
    /// <param name="sums">Added to.</param>
    public void Add(
        Span<double> state, int tree, TrainingShard shard, ReadOnlySpan<int> ids, ReadOnlySpan<byte> weights, Span<double> rows, ReadOnlySpan<double> targets,
        Span<double> sums)
    {
        Philox.FillFirst(_random.AsSpan(0, ids.Length), learner.Seed, RandomPurpose.PermutedColumns, tree, ids);
        (int slice, int root) = learner.PlaceOf(tree);
        NodeTable nodes = learner.Grower.NodesOf(state, slice);
        if (nodes[root].Rows == 0) return;
        for (int i = 0; i < ids.Length; i++)
        {
            if (weights[i] > 0) continue;
            sums[0]++;
            int other = (int)Math.BigMul(_random[i], (ulong)shard.Count, out _);
            Lend(state, nodes, root, rows.Slice(i * _features, _features), shard.Table.DoublesOf(shard.Rows[other]), targets[i], sums[1..]);
        }
    }

    private void Lend(Span<double> state, NodeTable nodes, int root, Span<double> x, ReadOnlySpan<double> other, double target, Span<double> sums)
    {
        double usual = LossOf(state, nodes[Walk(nodes, root, x)], target);
        foreach (int column in _way)
        {
            _isOnWay[column] = false;
            (double own, x[column]) = (x[column], other[column]);
            sums[column] += LossOf(state, nodes[nodes.Find(root, x)], target) - usual;
            x[column] = own;
        }
        _way.Clear();
    }

    /// <summary>The leaf of a row, and the columns that are looked at on the way.</summary>
    private int Walk(NodeTable nodes, int root, ReadOnlySpan<double> x)
    {
        int at = root;
        for (NodeTable.Node node = nodes[at]; node.IsSplit; node = nodes[at])
        {
            int column = (int)node.Feature;
            if (!_isOnWay[column]) _way.Add(column);
            _isOnWay[column] = true;
            at = (int)node.Left + (x[column] <= node.Threshold ? 0 : 1);
        }
        return at;
    }

    /// <summary>A whole number.</summary>
    private double LossOf(Span<double> state, NodeTable.Node leaf, double target)
    {
        if (learner.Classes > 0) return leaf.Value == target ? 0 : 1;
        GrowthHeader header = new(state);
        double range = header.TargetHigh - header.TargetLow;
        if (range == 0) return 0;
        double error = (target - learner.UnitsOf(state).MeanOf(leaf.Sums[VarianceRule.Sum], leaf.Rows)) / range;
        return learner.PermutationUnits.ToUnits(error * error);
    }
}

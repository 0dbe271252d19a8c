using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>What some trees say of some rows: the mean of their leaves' class shares, or of their leaves' means, summed tree by tree.</summary>
/// <param name="classes">How many classes; 0 for numbers.</param>
/// <remarks>Shapes  sums [rows, classes], or [rows, 1] of numbers</remarks>
internal sealed class ForestVotes(int classes)
{
    private const double LeastShare = 1.0 / (1L << 52);

    private readonly int _width = Math.Max(1, classes);
    private readonly double[] _sums = new double[Bootstrap.RowsAtOnce * Math.Max(1, classes)];
    private readonly int[] _voters = new int[Bootstrap.RowsAtOnce];

    /// <summary>Forgets all votes about so many rows.</summary>
    public void Begin(int rows)
    {
        _sums.AsSpan(0, rows * _width).Clear();
        _voters.AsSpan(0, rows).Clear();
    }

    /// <summary>Adds the vote of a tree; its leaf knows no rows only where the tree has none.</summary>
    public void Add(int row, NodeTable.Node leaf, in FixedPoint units)
    {
        if (leaf.Rows == 0) return;
        _voters[row]++;
        if (classes == 0)
        {
            _sums[row] += units.MeanOf(leaf.Sums[VarianceRule.Sum], leaf.Rows);
            return;
        }
        Span<double> shares = _sums.AsSpan(row * classes, classes);
        for (int c = 0; c < shares.Length; c++) shares[c] += leaf.Sums[c] / leaf.Rows;
    }

    /// <summary>How many trees have said something.</summary>
    public int VotersOf(int row) => _voters[row];

    /// <summary>The mean number; of no trees the middle of the targets' range.</summary>
    public double MeanOf(int row, in FixedPoint units) => _voters[row] > 0 ? _sums[row] / _voters[row] : units.Centre;

    /// <summary>The mean share of a class; of no trees all alike.</summary>
    public double ShareOf(int row, int cls) => _voters[row] > 0 ? _sums[(row * classes) + cls] / _voters[row] : 1.0 / classes;

    /// <summary>−ln of the mean share of a class.</summary>
    public double LossOf(int row, int cls) => ShareOf(row, cls) is var share && share == 1 ? 0 : -StableMath.Log(Math.Max(LeastShare, share));

    /// <summary>The first of the classes with the largest share.</summary>
    public int ClassOf(int row)
    {
        int best = 0;
        for (int c = 1; c < classes; c++)
            if (ShareOf(row, c) > ShareOf(row, best)) best = c;
        return best;
    }
}

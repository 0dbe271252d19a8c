namespace Cluster.Ml.Trees.Growth;

/// <summary>Finds the best split of a node by its histogram.</summary>
/// <remarks>Range  of equal gains the smaller column wins, or the one drawn first; then the smaller threshold. Cost  O(bins·channels), no allocation after the first use</remarks>
internal sealed class SplitSearch(SplitRule rule, int leafRows)
{
    private readonly double[] _left = new double[rule.Channels];
    private readonly double[] _right = new double[rule.Channels];

    /// <summary>The sums of all rows of a histogram: those of any one column.</summary>
    public static void Total(BinTable bins, ReadOnlySpan<double> histogram, ColumnSet held, Span<double> sums)
    {
        sums.Clear();
        ReadOnlySpan<double> column = histogram.Slice(held.Starts[0], bins.CountOf(held.Columns[0]) * sums.Length);
        for (int at = 0; at < column.Length; at += sums.Length) Add(column.Slice(at, sums.Length), sums);
    }

    /// <summary>The best split; null if no threshold leaves enough rows on both sides.</summary>
    /// <param name="bins">The columns' bins.</param>
    /// <param name="histogram">[bins of the columns it holds, channels].</param>
    /// <param name="sums">Of all rows of the node, [channels].</param>
    /// <param name="columns">That may be split, in the order in which they are looked at.</param>
    public Split? Best(BinTable bins, ReadOnlySpan<double> histogram, ReadOnlySpan<double> sums, ColumnSet columns)
    {
        (Split? best, double most, double rows) = (null, double.NegativeInfinity, rule.RowsOf(sums));
        for (int i = 0; i < columns.Count; i++)
        {
            int feature = columns.Columns[i], count = bins.CountOf(feature);
            ReadOnlySpan<double> column = histogram.Slice(columns.Starts[i], count * rule.Channels);
            (int bin, double gain) = BestOf(column, count, sums, rows, most);
            if (bin < 0) continue;
            most = gain;
            best = new Split(feature, bin, Threshold(bins, feature, column, bin), gain);
        }
        return best;
    }

    /// <summary>How many of the first columns are constant in a node.</summary>
    public int ConstantAhead(BinTable bins, ReadOnlySpan<double> histogram, ColumnSet columns)
    {
        for (int i = 0; i < columns.Count; i++)
            if (Varies(histogram.Slice(columns.Starts[i], bins.CountOf(columns.Columns[i]) * rule.Channels))) return i;
        return columns.Count;
    }

    /// <summary>Adds the left sums of a split.</summary>
    public void LeftOf(ReadOnlySpan<double> histogram, in Split split, ColumnSet held, Span<double> left)
    {
        left.Clear();
        int start = held.Starts[held.Columns.IndexOf(split.Feature)];
        for (int bin = 0; bin <= split.Bin; bin++) Add(histogram.Slice(start + (bin * rule.Channels), rule.Channels), left);
    }

    /// <summary>Whether a node's rows have more than one value of a column.</summary>
    private bool Varies(ReadOnlySpan<double> column)
    {
        int seen = 0;
        for (int at = 0; at < column.Length && seen < 2; at += rule.Channels)
            if (rule.RowsOf(column.Slice(at, rule.Channels)) > 0) seen++;
        return seen > 1;
    }

    private (int Bin, double Gain) BestOf(ReadOnlySpan<double> column, int count, ReadOnlySpan<double> sums, double rows, double most)
    {
        int best = -1;
        Span<double> left = _left, right = _right;
        left.Clear();
        double before = 0;
        for (int bin = 0; bin < count - 1; bin++)
        {
            Add(column.Slice(bin * left.Length, left.Length), left);
            double onLeft = rule.RowsOf(left);
            if (rows - onLeft < leafRows) break;
            if (onLeft == before || onLeft < leafRows || onLeft == rows) continue;
            before = onLeft;
            for (int i = 0; i < right.Length; i++) right[i] = sums[i] - left[i];
            if (!rule.AllowsLeaf(left) || !rule.AllowsLeaf(right)) continue;
            double gain = rule.Gain(sums, left, right);
            if (gain > most) (best, most) = (bin, gain);
        }
        return (best, most);
    }

    // The next value that this node has, which need not be the next of all rows.
    private double Threshold(BinTable bins, int feature, ReadOnlySpan<double> column, int bin)
    {
        if (!bins.IsExact(feature)) return bins.BoundsOf(feature)[bin];
        int next = bin + 1;
        while (next < bins.CountOf(feature) - 1 && rule.RowsOf(column.Slice(next * rule.Channels, rule.Channels)) == 0) next++;
        return BinTable.Between(bins.BoundsOf(feature)[bin], bins.BoundsOf(feature)[next]);
    }

    private static void Add(ReadOnlySpan<double> from, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] += from[i];
    }
}

namespace Cluster.Ml.Trees.Growth;

/// <summary>Finds the best split of a node by its histogram.</summary>
/// <remarks>Range  of equal gains the smaller column wins, or the one drawn first; then the smaller threshold. Cost  O(bins·channels), no allocation after the first use</remarks>
internal sealed class SplitSearch(SplitRule rule, int leafRows)
{
    private readonly double[] _left = new double[rule.Channels];
    private readonly double[] _right = new double[rule.Channels];
    private int[] _starts = [];

    /// <summary>The sums of all rows of a histogram: those of any one column.</summary>
    public static void Total(BinTable bins, ReadOnlySpan<double> histogram, Span<double> sums)
    {
        sums.Clear();
        for (int at = 0; at < bins.CountOf(0) * sums.Length; at += sums.Length) Add(histogram.Slice(at, sums.Length), sums);
    }

    /// <summary>The best split; null if no threshold leaves enough rows on both sides.</summary>
    /// <param name="bins">The columns' bins.</param>
    /// <param name="histogram">[all bins, channels].</param>
    /// <param name="sums">Of all rows of the node, [channels].</param>
    /// <param name="drawn">The columns that may be split, in the order in which they are looked at; empty for all.</param>
    public Split? Best(BinTable bins, ReadOnlySpan<double> histogram, ReadOnlySpan<double> sums, ReadOnlySpan<int> drawn = default)
    {
        (Split? best, double most, double rows) = (null, double.NegativeInfinity, rule.RowsOf(sums));
        Locate(bins);
        for (int i = 0; i < (drawn.IsEmpty ? bins.Features : drawn.Length); i++)
        {
            int feature = drawn.IsEmpty ? i : drawn[i], count = bins.CountOf(feature);
            ReadOnlySpan<double> column = histogram.Slice(_starts[feature], count * rule.Channels);
            (int bin, double gain) = BestOf(column, count, sums, rows, most);
            if (bin < 0) continue;
            most = gain;
            best = new Split(feature, bin, Threshold(bins, feature, column, bin), gain);
        }
        return best;
    }

    /// <summary>Whether a node's rows have more than one value of a column.</summary>
    public bool Varies(BinTable bins, ReadOnlySpan<double> histogram, int column)
    {
        Locate(bins);
        (int start, int seen) = (_starts[column], 0);
        for (int bin = 0; bin < bins.CountOf(column) && seen < 2; bin++)
            if (rule.RowsOf(histogram.Slice(start + (bin * rule.Channels), rule.Channels)) > 0) seen++;
        return seen > 1;
    }

    /// <summary>Adds the left sums of a split.</summary>
    public void LeftOf(BinTable bins, ReadOnlySpan<double> histogram, in Split split, Span<double> left)
    {
        left.Clear();
        Locate(bins);
        int start = _starts[split.Feature];
        for (int bin = 0; bin <= split.Bin; bin++) Add(histogram.Slice(start + (bin * rule.Channels), rule.Channels), left);
    }

    /// <summary>Where the bins of each column begin.</summary>
    private void Locate(BinTable bins)
    {
        if (_starts.Length != bins.Features) _starts = new int[bins.Features];
        for (int feature = 1; feature < _starts.Length; feature++) _starts[feature] = _starts[feature - 1] + (bins.CountOf(feature - 1) * rule.Channels);
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

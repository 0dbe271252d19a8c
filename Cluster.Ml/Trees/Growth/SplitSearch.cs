namespace Cluster.Ml.Trees.Growth;

/// <summary>Finds the best split of a node by its histogram.</summary>
/// <remarks>Range  of equal gains the smaller column wins, then the smaller threshold. Cost  O(bins·channels), no allocation after the first use</remarks>
internal sealed class SplitSearch(SplitRule rule, int leafRows)
{
    private readonly double[] _left = new double[rule.Channels];
    private readonly double[] _right = new double[rule.Channels];

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
    /// <param name="allowed">Which columns may be split; empty for all.</param>
    public Split? Best(BinTable bins, ReadOnlySpan<double> histogram, ReadOnlySpan<double> sums, ReadOnlySpan<bool> allowed = default)
    {
        (Split? best, double most, int start, double rows) = (null, double.NegativeInfinity, 0, rule.RowsOf(sums));
        for (int feature = 0; feature < bins.Features; feature++)
        {
            int count = bins.CountOf(feature);
            ReadOnlySpan<double> column = histogram.Slice(start, count * rule.Channels);
            start += column.Length;
            if (!allowed.IsEmpty && !allowed[feature]) continue;
            (int bin, double gain) = BestOf(column, count, sums, rows, most);
            if (bin < 0) continue;
            most = gain;
            best = new Split(feature, bin, Threshold(bins, feature, column, bin), gain);
        }
        return best;
    }

    /// <summary>Adds the left sums of a split.</summary>
    public void LeftOf(BinTable bins, ReadOnlySpan<double> histogram, in Split split, Span<double> left)
    {
        left.Clear();
        int start = 0;
        for (int feature = 0; feature < split.Feature; feature++) start += bins.CountOf(feature) * rule.Channels;
        for (int bin = 0; bin <= split.Bin; bin++) Add(histogram.Slice(start + (bin * rule.Channels), rule.Channels), left);
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

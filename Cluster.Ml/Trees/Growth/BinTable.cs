namespace Cluster.Ml.Trees.Growth;

/// <summary>The bins of all columns, as the state holds them.</summary>
/// <param name="state">The state.</param>
/// <param name="features">Columns.</param>
/// <param name="bins">The most bins of a column.</param>
/// <remarks>
/// Equation  bin(x) = the first whose bound is at least x, or the last. Of a column with few values the bounds are its values; of others they
///           part the rows into bins of about equal size, halfway between neighbouring values, and the last has none
/// </remarks>
internal readonly ref struct BinTable(Span<double> state, int features, int bins)
{
    private readonly Span<double> _counts = state.Slice(GrowthLayout.HeaderLength, features);
    private readonly Span<double> _exact = state.Slice(GrowthLayout.HeaderLength + features, features);
    private readonly Span<double> _bounds = state.Slice(GrowthLayout.HeaderLength + (2 * features), features * bins);

    public int Features => features;

    /// <summary>Bins of all columns.</summary>
    public int Total
    {
        get
        {
            double total = 0;
            foreach (double count in _counts) total += count;
            return (int)total;
        }
    }

    public int CountOf(int feature) => (int)_counts[feature];

    /// <summary>Whether each bin is one value.</summary>
    public bool IsExact(int feature) => _exact[feature] != 0;

    public ReadOnlySpan<double> BoundsOf(int feature) => _bounds.Slice(feature * bins, CountOf(feature) - (IsExact(feature) ? 0 : 1));

    /// <summary>Halfway between two values, never the higher one; neither overflows nor depends on which is written first.</summary>
    public static double Between(double low, double high)
    {
        double middle = (low / 2) + (high / 2);
        return middle >= low && middle < high ? middle : low;
    }

    /// <summary>Decides a column's bins by its values.</summary>
    public void Set(int feature, ValueSketch sketch)
    {
        Span<double> bounds = _bounds.Slice(feature * bins, bins);
        ReadOnlySpan<double> values = sketch.Values;
        bool exact = values.Length <= bins && !sketch.Pruned;
        _exact[feature] = exact ? 1 : 0;
        if (exact) values.CopyTo(bounds);
        _counts[feature] = exact ? values.Length : Quantiles(values, sketch.Counts, bounds[..(bins - 1)]) + 1;
    }

    private static int Quantiles(ReadOnlySpan<double> values, ReadOnlySpan<double> counts, Span<double> bounds)
    {
        double all = 0, below = 0;
        foreach (double count in counts) all += count;
        int used = 0, wanted = 1;
        for (int i = 0; i < values.Length - 1 && used < bounds.Length; i++)
        {
            below += counts[i];
            if (below * (bounds.Length + 1) < wanted * all) continue;
            bounds[used++] = Between(values[i], values[i + 1]);
            wanted = (int)(below * (bounds.Length + 1) / all) + 1;
        }
        return used;
    }
}

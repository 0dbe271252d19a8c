namespace Cluster.Ml.Trees.Growth;

/// <summary>Which columns the histogram of a node holds: all, or those alone that are drawn for it.</summary>
/// <remarks>
/// Cost    gathering n rows of a level costs n·k with k drawn columns. With all p it costs at most n·p/2, since of two siblings only the one with fewer
///         rows is gathered, and the other's histogram is the difference. So drawn columns alone are gathered where 2·k is below p
/// Range   a node whose drawn columns are all constant in it waits for the next k of its order
/// </remarks>
internal sealed class NodeColumns
{
    private readonly IColumnOrder? _order;
    private readonly int _features;
    private readonly int _channels;
    private readonly int[] _all;
    private readonly int[] _columns;
    private readonly int[] _starts;

    /// <summary>The columns of one layout.</summary>
    /// <param name="features">Columns, p.</param>
    /// <param name="channels">Numbers that a bin sums.</param>
    /// <param name="order">Which columns a node may be split by; null for all.</param>
    public NodeColumns(int features, int channels, IColumnOrder? order)
    {
        (_features, _channels, _order) = (features, channels, order);
        _all = [.. Enumerable.Range(0, features)];
        (_columns, _starts) = ([.. _all], new int[features]);
        Wanted = Math.Min(features, order?.Count ?? features);
        AreDrawn = IsNarrow(Wanted, features);
    }

    /// <summary>How many columns a node may be split by, unless all of them are constant in it.</summary>
    public int Wanted { get; }

    /// <summary>Whether a histogram holds drawn columns alone.</summary>
    public bool AreDrawn { get; }

    /// <summary>How many columns a histogram holds, at most.</summary>
    public int HeldMax => AreDrawn ? Wanted : _features;

    /// <summary>Whether gathering so many columns alone costs less than gathering all of the smaller sibling.</summary>
    public static bool IsNarrow(int wanted, int features) => 2 * wanted < features;

    /// <summary>Numbers of the longest histogram.</summary>
    public int LengthMax(BinTable bins)
    {
        if (!AreDrawn) return bins.Total * _channels;
        var counts = new int[_features];
        for (int feature = 0; feature < _features; feature++) counts[feature] = bins.CountOf(feature);
        Array.Sort(counts);
        int most = 0;
        for (int i = _features - Wanted; i < _features; i++) most += counts[i];
        return most * _channels;
    }

    /// <summary>The columns that the next histogram of a node holds, in the order in which they are looked at; they hold until the next call.</summary>
    public ColumnSet Of(NodeTable nodes, int slice, int node, BinTable bins)
    {
        int tried = AreDrawn ? (int)nodes[node].Tried : 0, count = Math.Min(HeldMax, _features - tried);
        _all.CopyTo(_columns, 0);
        _order?.Fill(nodes, slice, node, _columns, AreDrawn ? tried + count : _features);
        if (AreDrawn) Follow(bins, _columns.AsSpan(tried, count));
        else Locate(bins);
        return new ColumnSet(_columns.AsSpan(tried, count), _starts.AsSpan(0, count));
    }

    /// <summary>Columns one behind the other.</summary>
    private void Follow(BinTable bins, ReadOnlySpan<int> columns)
    {
        _starts[0] = 0;
        for (int i = 1; i < columns.Length; i++) _starts[i] = _starts[i - 1] + (bins.CountOf(columns[i - 1]) * _channels);
    }

    /// <summary>All columns stand in the order of the table, in any order of looking at them.</summary>
    private void Locate(BinTable bins)
    {
        Span<int> places = new int[_features];
        for (int feature = 1; feature < _features; feature++) places[feature] = places[feature - 1] + (bins.CountOf(feature - 1) * _channels);
        for (int i = 0; i < _features; i++) _starts[i] = places[_columns[i]];
    }
}

/// <summary>Some columns, and where the bins of each begin in a histogram.</summary>
/// <param name="columns">In the order in which they are looked at.</param>
/// <param name="starts">Of each.</param>
internal readonly ref struct ColumnSet(ReadOnlySpan<int> columns, ReadOnlySpan<int> starts)
{
    public ReadOnlySpan<int> Columns { get; } = columns;

    public ReadOnlySpan<int> Starts { get; } = starts;

    public int Count => Columns.Length;

    public ColumnSet Slice(int first, int count) => new(Columns.Slice(first, count), Starts.Slice(first, count));
}

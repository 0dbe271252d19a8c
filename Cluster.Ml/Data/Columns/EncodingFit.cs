using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>What the columns of a table become, looked for in the training rows alone.</summary>
/// <remarks>
/// Equation     mean: Σ x / n in row order;  median: the middle number, or the mean of the middle two;  most frequent: the smallest of the longest
///              runs. Columns of categories take the most frequent one, of several the first in ordinal order
/// Determinism  rows are read in ascending order on every worker
/// Cost         one pass over the training rows; for the median and the most frequent number one more for each 256 MiB of numbers
/// </remarks>
internal sealed class EncodingFit
{
    private const long SortedBytesMax = 1 << 28;

    private readonly DataSpec _data;
    private readonly RawRows _raw;
    private readonly SplitTable _split;
    private readonly IReadOnlyList<RawColumn> _columns;
    private readonly long[][] _counts;
    private readonly long[] _missing;
    private readonly double[] _sums;
    private readonly int[]?[] _codes;

    private EncodingFit(DataSpec data, RawRows raw, SplitTable split)
    {
        (_data, _raw, _split) = (data, raw, split);
        _columns = raw.Facts.Columns ?? [.. Enumerable.Repeat(RawColumn.Number, raw.Columns)];
        _counts = [.. _columns.Select(column => new long[column.Categories.Count])];
        (_missing, _sums, _codes) = (new long[raw.Columns], new double[raw.Columns], new int[]?[raw.Columns]);
        LookAtTrainingRows();
        double?[] fills = Fills();
        Encoding = new TableEncoding([.. _columns.Select((column, c) => Fit(column, c, fills[c]))], data.Missing, data.IgnoresUnseen);
        if (!data.IgnoresUnseen) RefuseUnseen();
        if (Encoding.FeatureNames.Count > FeatureLimits.ColumnsMax)
            throw new BadInputException(raw.File, null, null, $"at most {FeatureLimits.ColumnsMax} features", $"{Encoding.FeatureNames.Count}", "write data.encode: ordinal, or leave columns out with data.ignore");
    }

    /// <summary>What was found.</summary>
    public TableEncoding Encoding { get; }

    private bool FillsIn => _data.Missing is not MissingKind.Refuse and not MissingKind.Drop;

    /// <summary>What the job asks to look for; null if every column is read as numbers, and none may be missing.</summary>
    /// <exception cref="BadInputException">Training rows do not tell it, or others hold categories that they do not.</exception>
    public static EncodingFit? Of(DataSpec data, RawRows raw, SplitTable split) =>
        (data.Missing == MissingKind.Refuse && raw.Facts.Columns is null) || raw.Store.AreBytes ? null : new EncodingFit(data, raw, split);

    /// <summary>The rows, encoded.</summary>
    public RawRows Over(RawRows raw) => Encoding.Over(raw, _codes);

    private void LookAtTrainingRows()
    {
        foreach (int row in _split.Training.Span)
        {
            ReadOnlySpan<double> values = _raw.Store.ValuesOf(row);
            for (int c = 0; c < values.Length; c++)
            {
                if (double.IsNaN(values[c])) _missing[c]++;
                else if (_counts[c].Length > 0) _counts[c][(int)values[c]]++;
                else _sums[c] += values[c];
            }
        }
        GC.KeepAlive(_raw.Store);
    }

    private EncodedColumn Fit(RawColumn column, int c, double? fill)
    {
        string name = _raw.Facts.FeatureNames[c];
        bool hasIndicator = _data.Missing == MissingKind.Indicator && _missing[c] > 0;
        if (column.Kind is ColumnKind.Number or ColumnKind.Date)
            return new EncodedColumn(name, column.Kind, [], column.Kind == ColumnKind.Date && fill is { } day ? Math.Round(day) : fill, hasIndicator);
        long[] counts = _counts[c];
        int[] order = [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).OrderBy(i => column.Categories[i], StringComparer.Ordinal)];
        if (order.Length == 0) throw Empty(name);
        int[] codes = new int[counts.Length];
        Array.Fill(codes, EncodedColumn.Unseen);
        for (int place = 0; place < order.Length; place++) codes[order[place]] = place;
        _codes[c] = codes;
        double? frequent = FillsIn ? Enumerable.Range(0, order.Length).MaxBy(place => counts[order[place]]) : null;      // the first of several
        return new EncodedColumn(name, column.Kind, [.. order.Select(i => column.Categories[i])], frequent, hasIndicator);
    }

    /// <summary>What stands for the missing numbers and dates of each column.</summary>
    private double?[] Fills()
    {
        double?[] fills = new double?[_columns.Count];
        if (!FillsIn) return fills;
        int[] numbers = [.. Enumerable.Range(0, fills.Length).Where(c => _columns[c].Kind is ColumnKind.Number or ColumnKind.Date)];
        foreach (int c in numbers)
            if (_missing[c] == _split.Training.Length) throw Empty(_raw.Facts.FeatureNames[c]);
        if (_data.Missing is MissingKind.Mean or MissingKind.Indicator)
        {
            foreach (int c in numbers) fills[c] = RequireFinite(_sums[c] / (_split.Training.Length - _missing[c]), c);
            return fills;
        }
        int atOnce = (int)Math.Max(1, SortedBytesMax / sizeof(double) / _split.Training.Length);
        foreach (int[] some in numbers.Chunk(atOnce))
            foreach ((int c, double[] sorted) in some.Zip(Sorted(some)))
                fills[c] = _data.Missing == MissingKind.Median ? RequireFinite(Median(sorted), c) : MostFrequent(sorted);
        return fills;
    }

    /// <summary>The numbers of some columns, ascending.</summary>
    private double[][] Sorted(int[] columns)
    {
        double[][] values = [.. columns.Select(c => new double[_split.Training.Length - _missing[c]])];
        int[] filled = new int[columns.Length];
        foreach (int row in _split.Training.Span)
        {
            ReadOnlySpan<double> held = _raw.Store.ValuesOf(row);
            for (int i = 0; i < columns.Length; i++)
                if (!double.IsNaN(held[columns[i]])) values[i][filled[i]++] = held[columns[i]];
        }
        GC.KeepAlive(_raw.Store);
        foreach (double[] column in values) Array.Sort(column);
        return values;
    }

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    private static double MostFrequent(double[] sorted)
    {
        (double best, int longest) = (sorted[0], 0);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];) end++;
            if (end - start > longest) (best, longest) = (sorted[start], end - start);
        }
        return best;
    }

    /// <summary>Rows that choose or test a model hold categories that training rows do not.</summary>
    private void RefuseUnseen()
    {
        if (Array.TrueForAll(_codes, codes => codes is null || !codes.Contains(EncodedColumn.Unseen))) return;
        foreach (ReadOnlyMemory<int> part in (ReadOnlySpan<ReadOnlyMemory<int>>)[_split.Validation, _split.Test])
            foreach (int row in part.Span)
            {
                ReadOnlySpan<double> values = _raw.Store.ValuesOf(row);
                for (int c = 0; c < values.Length; c++)
                    if (_codes[c] is { } codes && !double.IsNaN(values[c]) && codes[(int)values[c]] == EncodedColumn.Unseen) throw Unseen(c, _columns[c].Categories[(int)values[c]]);
            }
        GC.KeepAlive(_raw.Store);
    }

    private BadInputException Unseen(int column, string category)
    {
        string name = _raw.Facts.FeatureNames[column];
        (int Line, int Column, string Text)? place = CsvPlaces.FindText(_raw.File, _raw.Facts.Dialect, name, category);
        return new BadInputException(
            _raw.File, place?.Line, place?.Column, $"a category of the training rows in column '{name}'", $"'{category}', which validation or test rows alone have",
            "write data.unseen: ignore to take it for none, or another seed or data.split");
    }

    private BadInputException Empty(string name) => new(
        _raw.File, null, null, $"at least one value in column '{name}' among the training rows", "none", "leave the column out with data.ignore");

    private double RequireFinite(double fill, int column) => double.IsFinite(fill) ? fill : throw new BadInputException(
        _raw.File, null, null, $"numbers in column '{_raw.Facts.FeatureNames[column]}' whose sum stays within 1.8E+308", "numbers beyond that", "change the column's unit, or leave it out with data.ignore");
}

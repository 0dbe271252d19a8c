namespace Cluster.Ml.Data.Columns;

/// <summary>Rows of a table, encoded whenever one is looked at: no copy of them is kept.</summary>
/// <remarks>Range  a row's values hold until the thread looks at the next</remarks>
internal sealed class EncodedRows : RowStore
{
    [ThreadStatic]
    private static double[]? t_row;

    private readonly RowStore _source;
    private readonly EncodedColumn[] _columns;
    private readonly int[] _widths;
    private readonly IReadOnlyList<int[]?> _codes;

    public EncodedRows(RowStore source, TableEncoding encoding, IReadOnlyList<int[]?> codes)
    {
        (_source, _columns, _codes) = (source, [.. encoding.Columns], codes);
        _widths = [.. _columns.Select(column => column.Width)];
        Columns = _widths.Sum();
    }

    public override int Rows => _source.Rows;

    public override int Columns { get; }

    public override bool AreBytes => false;

    public override bool HasTargets => _source.HasTargets;

    public override bool IsInMemory => _source.IsInMemory;

    public override bool IsStreamed => _source.IsStreamed;

    public override ReadOnlySpan<byte> BytesOf(int row) => throw new InvalidOperationException("EncodedRows: wanted to be asked for doubles, got a wish for bytes.");

    public override ReadOnlySpan<double> ValuesOf(int row)
    {
        if (t_row is not { } buffer || buffer.Length < Columns) t_row = buffer = new double[Columns];
        ReadOnlySpan<double> held = _source.ValuesOf(row);
        for (int c = 0, at = 0; c < held.Length; at += _widths[c++])
        {
            double value = _codes[c] is { } codes && !double.IsNaN(held[c]) ? codes[(int)held[c]] : held[c];
            _columns[c].Write(value, buffer.AsSpan(at, _widths[c]));
        }
        GC.KeepAlive(_source);
        return buffer.AsSpan(0, Columns);
    }

    public override double TargetOf(int row) => _source.TargetOf(row);
}

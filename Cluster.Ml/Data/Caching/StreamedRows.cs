using System.Runtime.InteropServices;

namespace Cluster.Ml.Data.Caching;

/// <summary>Rows of a row cache, read when one is looked at: a process has a piece of the file a thread in memory, however many rows there are.</summary>
/// <remarks>
/// Range  a row's numbers hold until the thread looks at another
/// Cost   made for rows in ascending order; any other order is a call of the system a row
/// </remarks>
internal sealed class StreamedRows : RowStore
{
    private readonly FileStream _file;
    private readonly RowCacheHeader _header;
    private readonly ThreadLocal<FileWindow> _features, _targets;

    public StreamedRows(string path, RowCacheHeader header)
    {
        _header = header;
        _file = OwnFolder.OpenFile(path, out string error) ?? throw new IOException($"{path}: {error}");
        if (_file.Length != header.FileBytes)
        {
            _file.Dispose();
            throw new IOException($"{path}: wanted the {header.FileBytes} bytes that were verified, got another file");
        }
        (_features, _targets) = (Windows(_file), Windows(_file));
    }

    public override int Rows => _header.Rows;

    public override int Columns => _header.Columns;

    public override bool AreBytes => _header.AreBytes;

    public override bool HasTargets => _header.HasTargets;

    public override bool IsStreamed => true;

    public override ReadOnlySpan<byte> BytesOf(int row)
    {
        Require(row, AreBytes);
        return _features.Value!.At(RowCacheHeader.Bytes + ((long)row * Columns), Columns);
    }

    public override ReadOnlySpan<double> ValuesOf(int row)
    {
        Require(row, !AreBytes);
        return MemoryMarshal.Cast<byte, double>(_features.Value!.At(RowCacheHeader.Bytes + ((long)row * Columns * sizeof(double)), Columns * sizeof(double)));
    }

    public override double TargetOf(int row)
    {
        Require(row, HasTargets);
        return MemoryMarshal.Read<double>(_targets.Value!.At(_header.TargetsStart + ((long)row * sizeof(double)), sizeof(double)));
    }

    // Nobody knows who looks at rows last: what a thread holds goes with the thread, or with the rows.
    private static ThreadLocal<FileWindow> Windows(FileStream file) => new(() => new FileWindow(file.SafeFileHandle));

    private void Require(int row, bool has)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        if (!has) throw new InvalidOperationException("StreamedRows: wanted numbers of the kind that the rows have.");
    }
}

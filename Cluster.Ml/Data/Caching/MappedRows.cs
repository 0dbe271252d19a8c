using System.IO.MemoryMappedFiles;

namespace Cluster.Ml.Data.Caching;

/// <summary>Rows of a row cache, mapped into memory: the system keeps of them what is looked at, and lets go of the rest when memory is short.</summary>
/// <remarks>The map ends when nothing refers to this any more. The file may be removed, but must not be shortened, while it is mapped.</remarks>
internal sealed unsafe class MappedRows : RowStore
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _features;
    private readonly double* _targets;

    public MappedRows(string path, RowCacheHeader header)
    {
        (Rows, Columns, AreBytes, HasTargets) = (header.Rows, header.Columns, header.AreBytes, header.HasTargets);
        FileStream file = OwnFolder.OpenFile(path, out string error) ?? throw new IOException($"{path}: {error}");
        if (file.Length != header.FileBytes)
        {
            file.Dispose();
            throw new IOException($"{path}: wanted the {header.FileBytes} bytes that were verified, got another file");
        }
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        first += _view.PointerOffset;
        _features = first + RowCacheHeader.Bytes;
        _targets = (double*)(first + header.TargetsStart);
    }

    ~MappedRows() => _view?.SafeMemoryMappedViewHandle.ReleasePointer();      // the handles are freed by their own finalizers

    public override int Rows { get; }

    public override int Columns { get; }

    public override bool AreBytes { get; }

    public override bool HasTargets { get; }

    public override ReadOnlySpan<byte> BytesOf(int row)
    {
        Require(row, AreBytes);
        return new ReadOnlySpan<byte>(_features + ((long)row * Columns), Columns);
    }

    public override ReadOnlySpan<double> ValuesOf(int row)
    {
        Require(row, !AreBytes);
        return new ReadOnlySpan<double>((double*)_features + ((long)row * Columns), Columns);
    }

    public override double TargetOf(int row)
    {
        Require(row, HasTargets);
        double target = _targets[row];
        GC.KeepAlive(this);
        return target;
    }

    private void Require(int row, bool has)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        if (!has) throw new InvalidOperationException("MappedRows: wanted numbers of the kind that the rows have.");
    }
}

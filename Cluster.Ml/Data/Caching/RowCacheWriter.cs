using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cluster.Ml.Data.Caching;

/// <summary>Writes the rows of a source to a row cache as they come. Its header is written last: without it the file is none.</summary>
/// <remarks>Cost  a block of memory for features and one for targets, which lie in a file of their own until all rows are there</remarks>
internal sealed class RowCacheWriter : RowSink, IDisposable
{
    private const string TargetsSuffix = ".targets";

    private readonly List<uint> _checksums = [];
    private readonly byte[] _block = new byte[RowCacheHeader.BlockBytes];
    private readonly long _bytesMax;
    private readonly FileStream _rows;
    private readonly FileStream _targets;
    private int _filled;
    private long _featureBytes;
    private int _targetCount;
    private bool _areBytes;
    private int[]? _final;

    /// <param name="part">The file to write.</param>
    /// <param name="bytesMax">The most bytes that the cache may have; what does not fit is a <see cref="SinkFullException"/>.</param>
    public RowCacheWriter(string part, long bytesMax)
    {
        _bytesMax = bytesMax;
        File.Delete(part);      // what a builder left that was killed
        File.Delete(part + TargetsSuffix);
        _rows = PrivateFiles.Create(part, bufferBytes: 1);
        try
        {
            _targets = PrivateFiles.Create(part + TargetsSuffix, FileAccess.ReadWrite, RowCacheHeader.BlockBytes, FileOptions.DeleteOnClose);
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
        _rows.Position = RowCacheHeader.Bytes;
    }

    public override void AddFeatures(ReadOnlySpan<double> values) => AddFeatures(MemoryMarshal.AsBytes(values), areBytes: false);

    public override void AddFeatures(ReadOnlySpan<byte> values) => AddFeatures(values, areBytes: true);

    public override void AddTarget(double target)
    {
        _targets.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in target)));
        _targetCount++;
    }

    public override void Renumber(int[] final) => _final = final;

    /// <summary>All rows are here: writes what is missing, and forces it to the disk.</summary>
    public void Complete(string identity, RowFacts facts)
    {
        int columns = facts.FeatureNames.Count;
        byte[] described = JsonSerializer.SerializeToUtf8Bytes(facts, RowFactsJson.Default.RowFacts);
        RowCacheHeader header = new(
            identity, _areBytes, _targetCount > 0, columns, checked((int)(_featureBytes / columns / (_areBytes ? 1 : sizeof(double)))), described.Length, 0);
        Append(stackalloc byte[(int)(header.TargetsStart - RowCacheHeader.Bytes - _featureBytes)]);
        AppendTargets();
        Append(described);
        WriteBlock();
        ReadOnlySpan<byte> checksums = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_checksums));
        _rows.Write(checksums);
        header = header with { ChecksumsCrc = Checksum.Of(checksums) };
        header.Write(_block.AsSpan(0, RowCacheHeader.Bytes));
        _rows.Flush(flushToDisk: true);     // the header must not come to the disk before what it speaks of
        _rows.Position = 0;
        _rows.Write(_block, 0, RowCacheHeader.Bytes);
        _rows.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _targets.Dispose();
    }

    private void AddFeatures(ReadOnlySpan<byte> bytes, bool areBytes)
    {
        _areBytes = areBytes;
        _featureBytes += bytes.Length;
        if (_featureBytes + ((long)_targetCount * sizeof(double)) > _bytesMax) throw new SinkFullException();
        Append(bytes);
    }

    private void AppendTargets()
    {
        _targets.Position = 0;
        var buffer = new double[4096];
        for (int left = _targetCount; left > 0;)
        {
            Span<double> some = buffer.AsSpan(0, Math.Min(left, buffer.Length));
            _targets.ReadExactly(MemoryMarshal.AsBytes(some));
            if (_final is not null)
                foreach (ref double target in some) target = _final[(int)target];
            Append(MemoryMarshal.AsBytes(some));
            left -= some.Length;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, _block.Length - _filled);
            bytes[..count].CopyTo(_block.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
            if (_filled == _block.Length) WriteBlock();
        }
    }

    private void WriteBlock()
    {
        if (_filled == 0) return;
        ReadOnlySpan<byte> block = _block.AsSpan(0, _filled);
        _checksums.Add(Checksum.Of(block));
        _rows.Write(block);
        _filled = 0;
    }
}

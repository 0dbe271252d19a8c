using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cluster.Ml.Data.Caching;

/// <summary>Opens row caches.</summary>
internal static class RowCacheFile
{
    /// <summary>The rows of a cache, after every block of it was verified; null, with what is wrong, where it is damaged, of another version or of other rows.</summary>
    /// <remarks>Cost  reads the file once</remarks>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RawRows? TryOpen(string path, string identity, string source, out string fault)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);
        var block = new byte[RowCacheHeader.BlockBytes];
        int read = file.ReadAtLeast(block.AsSpan(0, RowCacheHeader.Bytes), RowCacheHeader.Bytes, throwOnEndOfStream: false);
        if (RowCacheHeader.Read(block.AsSpan(0, read), identity, file.Length, out fault) is not { } header) return null;
        var checksums = new uint[header.Blocks];
        file.Position = header.ChecksumsStart;
        file.ReadExactly(MemoryMarshal.AsBytes(checksums.AsSpan()));
        if (Checksum.Of(MemoryMarshal.AsBytes(checksums.AsSpan())) != header.ChecksumsCrc)
        {
            fault = $"wanted a list of checksums with CRC-32C {header.ChecksumsCrc:X8}, got another";
            return null;
        }
        file.Position = RowCacheHeader.Bytes;
        for (int i = 0; i < checksums.Length; i++)
        {
            Span<byte> bytes = block.AsSpan(0, (int)Math.Min(block.Length, header.ChecksumsStart - file.Position));
            file.ReadExactly(bytes);
            if (Checksum.Of(bytes) is var crc && crc != checksums[i])
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"block {i + 1} of {checksums.Length}: wanted CRC-32C {checksums[i]:X8}, got {crc:X8}");
                return null;
            }
        }
        var facts = new byte[header.FactsBytes];
        file.Position = header.FactsStart;
        file.ReadExactly(facts);
        return new RawRows(source, JsonSerializer.Deserialize(facts, RowFactsJson.Default.RowFacts)!, new MappedRows(path, header));
    }
}

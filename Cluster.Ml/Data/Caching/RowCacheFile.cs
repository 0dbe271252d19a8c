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
    public static RawRows? TryOpen(string path, string identity, string source, bool streams, out string error)
    {
        using FileStream? file = OwnFolder.OpenFile(path, out error, FileOptions.SequentialScan);
        if (file is null) return null;
        var block = new byte[RowCacheHeader.BlockBytes];
        int read = file.ReadAtLeast(block.AsSpan(0, RowCacheHeader.Bytes), RowCacheHeader.Bytes, throwOnEndOfStream: false);
        if (RowCacheHeader.Read(block.AsSpan(0, read), identity, file.Length, out error) is not { } header) return null;
        var checksums = new uint[header.Blocks];
        file.Position = header.ChecksumsStart;
        file.ReadExactly(MemoryMarshal.AsBytes(checksums.AsSpan()));
        if (Checksum.Of(MemoryMarshal.AsBytes(checksums.AsSpan())) != header.ChecksumsCrc)
        {
            error = $"wanted a list of checksums with CRC-32C {header.ChecksumsCrc:X8}, got another";
            return null;
        }
        file.Position = RowCacheHeader.Bytes;
        for (int i = 0; i < checksums.Length; i++)
        {
            Span<byte> bytes = block.AsSpan(0, (int)Math.Min(block.Length, header.ChecksumsStart - file.Position));
            file.ReadExactly(bytes);
            if (Checksum.Of(bytes) is var crc && crc != checksums[i])
            {
                error = string.Create(CultureInfo.InvariantCulture, $"block {i + 1} of {checksums.Length}: wanted CRC-32C {checksums[i]:X8}, got {crc:X8}");
                return null;
            }
        }
        var described = new byte[header.FactsBytes];
        file.Position = header.FactsStart;
        file.ReadExactly(described);
        if (FactsOf(described, header, out error) is not { } facts) return null;
        RawRows rows = new(source, facts, streams ? new StreamedRows(path, header) : new MappedRows(path, header));
        error = TargetsErrorOf(rows);
        return error.Length == 0 ? rows : null;
    }

    /// <summary>What the cache says of its rows, if that can be true of as many as it has.</summary>
    private static RowFacts? FactsOf(byte[] described, RowCacheHeader header, out string error)
    {
        RowFacts? facts = null;
        try
        {
            facts = JsonSerializer.Deserialize(described, RowFactsJson.Default.RowFacts);
        }
        catch (JsonException)
        {
            // told below
        }
        bool plausible = facts is { FeatureNames: not null, Classes: not null }
            && facts.FeatureNames.Count == header.Columns && facts.OwnTestStart >= 0 && facts.OwnTestStart <= header.Rows
            && !facts.FeatureNames.Contains(null!) && !facts.Classes.Contains(null!)
            && facts.Dropped >= 0 && (facts.Columns is not { } columns || (columns.Count == header.Columns && columns.All(column => column?.Categories is not null)))
            && (facts.Image is not { } image || (image.Height > 0 && image.Width > 0 && image.Channels > 0
                && (Int128)image.Height * image.Width * image.Channels == header.Columns));
        error = plausible ? "" : string.Create(CultureInfo.InvariantCulture, $"wanted a description of {header.Rows} rows of {header.Columns} columns, got another");
        return plausible ? facts : null;
    }

    /// <summary>A class is looked up by its number.</summary>
    private static string TargetsErrorOf(RawRows rows)
    {
        if (rows.Classes.Count == 0 || !rows.Store.HasTargets) return "";
        for (int row = 0; row < rows.Rows; row++)
            if (rows.Store.TargetOf(row) is var target && !(target >= 0 && target < rows.Classes.Count && target == Math.Floor(target)))
                return string.Create(CultureInfo.InvariantCulture, $"row {row + 1}: wanted one of {rows.Classes.Count} classes, got {target}");
        return "";
    }
}

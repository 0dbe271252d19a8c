using System.Buffers.Binary;
using System.IO.Compression;

namespace Cluster.Ml.Data;

/// <summary>Reads a whole file into memory, unpacked where it is gzip, and turns every failure into <see cref="BadInputException"/>.</summary>
/// <remarks>Range  at most <see cref="BytesMax"/> bytes, packed and unpacked</remarks>
internal static class DataFile
{
    /// <summary>The most bytes a data file may have, unpacked.</summary>
    public const int BytesMax = 1 << 30;

    private const int GzipTrailerBytes = 8;
    private const int GzipRatioMax = 1032;      // deflate cannot pack tighter

    public static byte[] Read(string path)
    {
        byte[] raw = ReadRaw(path);
        bool packed = raw.Length >= 2 && raw[0] == 0x1F && raw[1] == 0x8B;
        if (packed) return Unpack(path, raw);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            string got = raw.Length == 0 ? "an empty file" : $"a file that begins with {Convert.ToHexString(raw.AsSpan(0, Math.Min(2, raw.Length)))}";
            throw new BadInputException(path, null, null, "a gzip file (it begins with 1F8B)", got, "pack it with gzip, or drop .gz from its name");
        }
        return raw;
    }

    private static byte[] ReadRaw(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            if (stream.Length > BytesMax) throw TooLarge(path, stream.Length);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException(path, null, null, "a file that exists", "none of this name", "check data.source; a relative path starts at the job file", e);
        }
        catch (EndOfStreamException e)
        {
            throw new BadInputException(path, null, null, "a file that stays as it is while it is read", "one that became shorter", "start again when nothing writes to it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string what = Directory.Exists(path) ? "a folder" : $"'{e.Message}'";
            throw new BadInputException(path, null, null, "a file that can be read", what, "check data.source, and who may read it", e);
        }
    }

    private static byte[] Unpack(string path, byte[] packed)
    {
        try
        {
            if (packed.Length < 18) throw new InvalidDataException("shorter than any gzip file");
            uint stated = BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4));
            long plausible = Math.Min(stated, (long)(packed.Length - GzipTrailerBytes) * GzipRatioMax);
            if (plausible > BytesMax) throw TooLarge(path, plausible);
            using GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
            var bytes = new byte[plausible];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length < bytes.Length) throw new InvalidDataException($"it ends after {length} of {stated} bytes");
            return ReadRest(path, stream, bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new BadInputException(path, null, null, "a whole gzip file", $"a damaged one ({e.Message})", "copy or download it again", e);
        }
    }

    // A gzip file of several members states only the length of the last one.
    private static byte[] ReadRest(string path, GZipStream stream, byte[] bytes)
    {
        var more = new byte[1 << 16];
        int count = stream.Read(more);
        if (count == 0) return bytes;
        using MemoryStream all = new();
        all.Write(bytes);
        for (; count > 0; count = stream.Read(more))
        {
            all.Write(more, 0, count);
            if (all.Length > BytesMax) throw TooLarge(path, all.Length);
        }
        return all.ToArray();
    }

    private static BadInputException TooLarge(string path, long bytes) =>
        new(path, null, null, $"at most {BytesMax} bytes of data", $"{bytes} or more", "split the data, or leave out rows");
}

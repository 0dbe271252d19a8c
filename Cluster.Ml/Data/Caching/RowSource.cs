using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cluster.Ml.Data.Caching;

/// <summary>Rows that can be read from files, and read again with the same outcome.</summary>
/// <param name="File">What errors of the rows name.</param>
/// <param name="Files">All that are read.</param>
/// <param name="Manner">How they are read: with equal files and an equal manner come equal rows.</param>
/// <param name="ReadInto">Reads them, once, from beginning to end.</param>
internal sealed record RowSource(string File, IReadOnlyList<string> Files, IReadOnlyList<string> Manner, Func<RowSink, RowFacts> ReadInto)
{
    private const int BufferBytes = 1 << 18;

    /// <summary>Two bytes of a table, a digit and a comma, become a number of eight.</summary>
    private const int RowBytesAByte = 4;

    /// <summary>The rows: in memory where the source is small enough, otherwise mapped or streamed from a row cache, which is built if there is none.</summary>
    public RawRows Read(RowStorage storage)
    {
        long bytes = Bytes();
        if (bytes > storage.MemoryBytesMax) return RowCaches.Open(this, storage, streams: bytes > storage.WholeBytesMax);
        if (bytes > storage.WholeBytesMax && RowCaches.TryStream(this, storage) is { } streamed) return streamed;
        MemorySink sink = new(File, storage.MemoryBytesMax > long.MaxValue / RowBytesAByte ? long.MaxValue : RowBytesAByte * storage.MemoryBytesMax);
        try
        {
            return sink.ToRows(ReadInto(sink));
        }
        catch (SinkFullException)
        {
            return RowCaches.Open(this, storage, streams: storage.WholeBytesMax < long.MaxValue);       // a packed file held more than it states
        }
    }

    /// <summary>How many bytes the files have, unpacked; of packed ones an estimate.</summary>
    private long Bytes() => Files.Sum(file =>
    {
        using DataReader reader = DataReader.Open(file);
        return reader.EstimatedLength;
    });

    /// <summary>SHA-256 of all that decides which rows are read, in hexadecimal. Reads the files once.</summary>
    public string Identity()
    {
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(whole, Manner.Count.ToString(CultureInfo.InvariantCulture));
        foreach (string part in Manner) Append(whole, part);
        var buffer = new byte[BufferBytes];
        foreach (string file in Files) Append(whole, HashOf(file, buffer));
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }

    /// <summary>Lengths and times of the files, which tell whether one was changed meanwhile.</summary>
    public string Stamp() => string.Join('\n', Files.Select(file =>
    {
        FileInfo about = new(file);
        return about.Exists ? string.Create(CultureInfo.InvariantCulture, $"{about.Length} {about.LastWriteTimeUtc.Ticks}") : "gone";
    }));

    private static string HashOf(string file, byte[] buffer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using DataReader reader = DataReader.Open(file, unpacks: false);
        for (int count = reader.Read(buffer); count > 0; count = reader.Read(buffer)) hash.AppendData(buffer, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>With its length before it, so that ("ab", "c") and ("a", "bc") differ.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Text;

/// <summary>Reads a text file, gzip or not.</summary>
/// <remarks>
/// Range  UTF-8 with or without a byte order mark; CRLF is read as LF; at most <see cref="DataFile.BytesMax"/> bytes, and no more than
///        the storage has memory for, as a text is always in memory
/// </remarks>
internal static class PlainText
{
    /// <summary>The text, ready for a <see cref="TokenReader"/> of this unit.</summary>
    /// <exception cref="BadInputException">The file cannot be read or is not UTF-8.</exception>
    public static string Read(string path, TextUnit unit, RowStorage? storage = null)
    {
        ReadOnlySpan<byte> bytes = DataFile.Read(path, (storage ?? RowStorage.Default).MemoryBytesMax, "raise data-memory (a text is always in memory), or use a shorter text");
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        char[] letters = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, letters, out int read, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
            throw NotUtf8(path, bytes[..read], bytes[read]);
        string text = new(letters, 0, written);
        if (text.Contains('\r', StringComparison.Ordinal)) text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return unit == TextUnit.Letters ? text.ToLowerInvariant() : text;
    }

    private static BadInputException NotUtf8(string path, ReadOnlySpan<byte> before, byte bad)
    {
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new BadInputException(
            path, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1, "UTF-8 text", $"the byte {bad:X2}", "save the file as UTF-8");
    }
}

namespace Cluster.Ml.Data;

/// <summary>Reads a whole file into memory, unpacked where it is gzip, and turns every failure into <see cref="BadInputException"/>.</summary>
/// <remarks>
/// Range  at most <see cref="BytesMax"/> bytes, packed and unpacked
/// Cost   memory as it is filled: a packed file is not believed how long it is
/// </remarks>
internal static class DataFile
{
    /// <summary>The most bytes that are read into memory, unpacked.</summary>
    public const int BytesMax = 1 << 30;

    private const int PackedBytesAtFirst = 1 << 22;

    /// <summary>The file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytesMax">The most that it may have, unpacked.</param>
    /// <param name="advice">What to do about a larger one.</param>
    public static byte[] Read(string path, long bytesMax = BytesMax, string advice = "split the data, or leave out rows")
    {
        long most = Math.Min(bytesMax, BytesMax);
        using DataReader reader = DataReader.Open(path);
        long length = reader.PlausibleLength;
        if (length > most) throw TooLarge(path, most, length, advice);
        byte[] bytes = new byte[reader.Length is null ? Math.Min(length, PackedBytesAtFirst) : length];
        int filled = reader.Fill(bytes);
        var more = new byte[1 << 16];
        for (int count = reader.Read(more); count > 0; count = reader.Read(more))
        {
            if (filled + (long)count > most) throw TooLarge(path, most, filled + (long)count, advice);
            if (filled + count > bytes.Length) Array.Resize(ref bytes, (int)Math.Min(most, Math.Max(filled + count, 2L * bytes.Length)));
            more.AsSpan(0, count).CopyTo(bytes.AsSpan(filled));
            filled += count;
        }
        return filled == bytes.Length ? bytes : bytes[..filled];
    }

    private static BadInputException TooLarge(string path, long most, long bytes, string advice) =>
        new(path, null, null, $"at most {most} bytes of data in memory", $"{bytes} or more", advice);
}

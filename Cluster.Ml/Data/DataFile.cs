namespace Cluster.Ml.Data;

/// <summary>Reads a whole file into memory, unpacked where it is gzip, and turns every failure into <see cref="BadInputException"/>.</summary>
/// <remarks>Range  at most <see cref="BytesMax"/> bytes, packed and unpacked</remarks>
internal static class DataFile
{
    /// <summary>The most bytes that are read into memory, unpacked.</summary>
    public const int BytesMax = 1 << 30;

    public static byte[] Read(string path)
    {
        using DataReader reader = DataReader.Open(path);
        long length = reader.PlausibleLength;
        if (length > BytesMax) throw TooLarge(path, length);
        var bytes = new byte[length];
        int filled = reader.Fill(bytes);
        if (filled < bytes.Length) return bytes[..filled];      // a packed one may state more than it holds
        var more = new byte[1 << 16];
        int count = reader.Read(more);
        if (count == 0) return bytes;
        using MemoryStream all = new();
        all.Write(bytes);
        for (; count > 0; count = reader.Read(more))
        {
            all.Write(more, 0, count);
            if (all.Length > BytesMax) throw TooLarge(path, all.Length);
        }
        return all.ToArray();
    }

    private static BadInputException TooLarge(string path, long bytes) =>
        new(path, null, null, $"at most {BytesMax} bytes of data", $"{bytes} or more", "split the data, or leave out rows");
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;

namespace Cluster.Ml.Tests.Data.Caching;

/// <summary>A header that somebody forged, checksum and all: whatever it says, nothing outside of the file is read.</summary>
public sealed class RowCacheHeaderTests : IDisposable
{
    private const int ChecksumAt = 72;
    private static readonly string s_identity = new('5', 64);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(-1, -1, 2)]
    [InlineData(-1, 1, 100)]
    [InlineData(0, 5, 2)]
    [InlineData(5, 0, 2)]
    [InlineData(2, 3, -16)]
    [InlineData(int.MinValue, -1073741824, 2)]              // the product is 2⁶¹: eight times that is 0
    [InlineData(int.MaxValue, (1 << 30) + 1, 2)]            // eight times the product is 2⁶⁴ + 2³³ − 8
    [InlineData(1 << 30, 1 << 30, 2)]
    public void Sizes_that_are_negative_or_overflow_are_refused_even_where_the_length_agrees(int rows, int columns, int factsBytes)
    {
        RowCacheHeader forged = new(s_identity, AreBytes: false, HasTargets: false, columns, rows, factsBytes, 0);
        var page = new byte[RowCacheHeader.Bytes];
        forged.Write(page);
        long length = RowCacheHeader.Bytes + unchecked((long)rows * columns * sizeof(double)) + factsBytes;

        foreach (long claimed in new[] { length, length + sizeof(uint), length + (8193 * sizeof(uint)), long.MaxValue })
        {
            RowCacheHeader.Read(page, s_identity, claimed, out string error).ShouldBeNull();
            error.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Whatever_byte_of_the_header_is_changed_no_row_outside_of_the_file_is_read()
    {
        (string path, byte[] sound) = SomeCache();
        int refused = 0;
        for (int at = 0; at < ChecksumAt; at++)
        {
            foreach (byte change in new byte[] { 0x01, 0x02, 0x7F, 0x80, 0xFF }) refused += Try(path, sound, page => page[at] ^= change);
        }
        refused.ShouldBeGreaterThan(ChecksumAt * 4);
    }

    [Fact]
    public void Random_headers_never_read_outside_of_the_file()
    {
        (string path, byte[] sound) = SomeCache();
        uint state = 12345;
        int Next() => unchecked((int)(state = (state * 1664525) + 1013904223));

        for (int round = 0; round < 1000; round++)
        {
            Try(path, sound, page =>
            {
                page[12] = (byte)(Next() >> 31 & 1);
                page[13] = (byte)(Next() >> 31 & 1);
                for (int at = 16; at < 28; at += sizeof(int)) BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(at), round % 2 == 0 ? Next() : Next() >>> 26);
            });
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"FeatureNames\":[\"a\"],\"Classes\":[],\"Image\":null,\"OwnTestStart\":4}")]
    [InlineData("{\"FeatureNames\":[\"a\",\"b\"],\"Classes\":[],\"Image\":null,\"OwnTestStart\":-1}")]
    [InlineData("{\"FeatureNames\":[\"a\",\"b\"],\"Classes\":[],\"Image\":null,\"OwnTestStart\":99}")]
    [InlineData("{\"FeatureNames\":[\"a\",null],\"Classes\":[],\"Image\":null,\"OwnTestStart\":4}")]
    [InlineData("{\"FeatureNames\":[\"a\",\"b\"],\"Classes\":[],\"Image\":{\"Height\":65536,\"Width\":65536,\"Channels\":2},\"OwnTestStart\":4}")]
    [InlineData("not JSON")]
    public void A_description_that_cannot_be_of_these_rows_is_refused(string described)
    {
        string path = Path.Combine(_folder.Path, "cache.rows");
        Forge(path, [1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 0, 1], Encoding.UTF8.GetBytes(described));

        RowCacheFile.TryOpen(path, s_identity, "rows.csv", streams: false, out string error).ShouldBeNull();

        error.ShouldContain("a description of 4 rows of 2 columns");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    public void A_class_that_is_not_there_is_refused(double target)
    {
        string path = Path.Combine(_folder.Path, "cache.rows");
        Forge(path, [1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 0, target], "{\"FeatureNames\":[\"a\",\"b\"],\"Classes\":[\"x\",\"y\"],\"Image\":null,\"OwnTestStart\":4}"u8.ToArray());

        RowCacheFile.TryOpen(path, s_identity, "rows.csv", streams: false, out string error).ShouldBeNull();

        error.ShouldStartWith("row 4: wanted one of 2 classes");
    }

    /// <summary>1 if the cache was refused; if it was not, every row of it can be read and lies in the file.</summary>
    private static int Try(string path, byte[] sound, Action<byte[]> change)
    {
        byte[] forged = [.. sound];
        change(forged);
        BinaryPrimitives.WriteUInt32LittleEndian(forged.AsSpan(ChecksumAt), Checksum.Of(forged.AsSpan(0, ChecksumAt)));
        File.Delete(path);      // the one before may still be mapped
        File.WriteAllBytes(path, forged);
        if (RowCacheFile.TryOpen(path, s_identity, "rows.csv", streams: false, out string error) is not { } rows)
        {
            error.ShouldNotBeEmpty();
            return 1;
        }
        ((Int128)rows.Rows * rows.Columns * (rows.Store.AreBytes ? 1 : sizeof(double))).ShouldBeLessThanOrEqualTo(sound.Length - RowCacheHeader.Bytes);
        for (int row = 0; row < rows.Rows; row++)
        {
            if (rows.Store.AreBytes) rows.Store.BytesOf(row).Length.ShouldBe(rows.Columns);
            else rows.Store.ValuesOf(row).ToArray().Length.ShouldBe(rows.Columns);
            if (rows.Store.HasTargets) _ = rows.Store.TargetOf(row);
        }
        return 0;
    }

    private (string Path, byte[] Bytes) SomeCache()
    {
        string path = Path.Combine(_folder.Path, "cache.rows");
        using (RowCacheWriter writer = new(path, long.MaxValue))
        {
            for (int row = 0; row < 4; row++)
            {
                writer.AddFeatures([row, row + 0.5]);
                writer.AddTarget(row % 2);
            }
            writer.Complete(s_identity, new RowFacts(["a", "b"], ["x", "y"], null, 4));
        }
        byte[] sound = File.ReadAllBytes(path);
        RowCacheFile.TryOpen(path, s_identity, "rows.csv", streams: false, out _).ShouldNotBeNull().Rows.ShouldBe(4);
        return (path, sound);
    }

    /// <summary>A cache of doubles that is sound but for what it says.</summary>
    private static void Forge(string path, double[] features, double[] targets, byte[] described)
    {
        byte[] content =
        [
            .. MemoryMarshal.AsBytes(features.AsSpan()), .. MemoryMarshal.AsBytes(targets.AsSpan()), .. described,
        ];
        byte[] checksums = BitConverter.GetBytes(Checksum.Of(content));
        var page = new byte[RowCacheHeader.Bytes];
        new RowCacheHeader(s_identity, false, true, features.Length / targets.Length, targets.Length, described.Length, Checksum.Of(checksums)).Write(page);
        File.WriteAllBytes(path, [.. page, .. content, .. checksums]);
    }
}

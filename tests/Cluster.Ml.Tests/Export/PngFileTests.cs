using System.Buffers.Binary;
using System.IO.Compression;
using Cluster.Ml.Export;

namespace Cluster.Ml.Tests.Export;

public class PngFileTests
{
    // A grey image of 2 × 1 pixels, its head as in the specification: sizes, 8 bits, grey.
    private static readonly Image Two = new(2, 1, 1, [0, 255]);

    [Fact]
    public void A_file_is_the_signature_and_three_chunks_with_their_checksums()
    {
        byte[] file = PngFile.Encode(Two);
        file[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        file[8..33].ShouldBe([0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0xD1, 0x49, 0x20, 0x56]);
        file[^12..].ShouldBe([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]);          // the IEND that every PNG ends with
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Pixels_come_back_row_by_row(int channels)
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 3 * channels).Select(i => (byte)(i * 7 % 256))];
        byte[] file = PngFile.Encode(new Image(5, 3, channels, pixels));
        int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(33));
        using ZLibStream inflate = new(new MemoryStream(file, 41, length), CompressionMode.Decompress);
        using MemoryStream rows = new();
        inflate.CopyTo(rows);
        byte[] raw = rows.ToArray();
        int stride = 5 * channels;
        for (int row = 0; row < 3; row++)
        {
            raw[row * (stride + 1)].ShouldBe((byte)0);
            raw[((row * (stride + 1)) + 1)..((row + 1) * (stride + 1))].ShouldBe(pixels[(row * stride)..((row + 1) * stride)]);
        }
    }

    [Fact]
    public void Images_that_do_not_fit_their_sizes_are_refused()
    {
        Should.Throw<ArgumentException>(() => PngFile.Encode(new Image(2, 2, 1, [1, 2, 3]))).Message.ShouldContain("3 bytes");
        Should.Throw<ArgumentException>(() => PngFile.Encode(new Image(1, 1, 2, [1, 2]))).Message.ShouldContain("1 or 3 channels");
        Should.Throw<ArgumentException>(() => PngFile.Encode(new Image(0, 1, 1, []))).Message.ShouldContain("PngFile");
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Cluster.Ml.Export;

/// <summary>Writes images as PNG.</summary>
/// <remarks>
/// Layout    signature · IHDR (8 bits a channel, grey or RGB, not interlaced) · one IDAT (zlib, no row filter) · IEND;
///           each chunk: length, name, content, CRC-32 of name and content, big-endian
/// Source    W3C, Portable Network Graphics Specification, 2nd edition (2003), § 5, 9, 11 and annex D
/// </remarks>
public static class PngFile
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes an image; the path always holds a whole file, the old or the new one.</summary>
    /// <exception cref="ArgumentException">The image's sizes do not fit its pixels, or it has neither 1 nor 3 channels.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Image image)
    {
        byte[] bytes = Encode(image);
        AtomicFile.Write(path, file => file.Write(bytes));
    }

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="ArgumentException">The image's sizes do not fit its pixels, or it has neither 1 nor 3 channels.</exception>
    public static byte[] Encode(Image image)
    {
        if (image.Channels is not (1 or 3) || image.Width < 1 || image.Height < 1
            || image.Pixels.Length != (long)image.Width * image.Height * image.Channels)
            throw new ArgumentException(
                $"PngFile: wanted pixels of 1 or 3 channels, got [{image.Height} × {image.Width} × {image.Channels}] and {image.Pixels.Length} bytes.", nameof(image));
        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), image.Height);
        head[8] = 8;                                                   // bits a channel
        head[9] = (byte)(image.Channels == 1 ? 0 : 2);               // grey or RGB
        using MemoryStream file = new();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, head);
        WriteChunk(file, "IDAT"u8, Compress(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compress(Image image)
    {
        int stride = image.Width * image.Channels;
        using MemoryStream compressed = new();
        using (ZLibStream deflate = new(compressed, CompressionLevel.Optimal))
            for (int row = 0; row < image.Height; row++)
            {
                deflate.WriteByte(0);                                  // no filter
                deflate.Write(image.Pixels, row * stride, stride);
            }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(name);
        file.Write(content);
        Crc32 checksum = new();
        checksum.Append(name);
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}

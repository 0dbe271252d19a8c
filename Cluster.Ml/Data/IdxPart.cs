using System.Buffers.Binary;
using System.Globalization;

namespace Cluster.Ml.Data;

/// <summary>A file of images in the IDX format and the file of their labels, read side by side.</summary>
/// <remarks>Cost  one pass over each file, with a buffer of <see cref="BufferBytes"/></remarks>
internal sealed class IdxPart : IDisposable
{
    private const uint ImagesMagic = 0x0000_0803, LabelsMagic = 0x0000_0801;
    private const int ImageHeaderBytes = 16, LabelHeaderBytes = 8;
    private const int SideMax = 1 << 15;
    private const int BufferBytes = 1 << 18;

    private readonly (string File, DataReader Reader) _images;
    private readonly (string File, DataReader Reader)? _labels;

    private IdxPart((string File, DataReader Reader) images, (string File, DataReader Reader)? labels)
    {
        (_images, _labels) = (images, labels);
        Span<byte> header = stackalloc byte[ImageHeaderBytes];
        ReadHeader(images, header, ImagesMagic, "images");
        (Count, long height, long width) = (Number(header, 4), Number(header, 8), Number(header, 12));
        if (Count == 0 || height == 0 || width == 0)
            throw new BadInputException(images.File, null, null, "at least one image of at least one pixel", $"{Count} of {height} x {width}", "check the header of the file");
        if ((images.Reader.Length is { } bytes && Count * height * width != bytes - ImageHeaderBytes))
            throw WrongLength(images.File, ImagesWanted(height, width), (images.Reader.Length ?? images.Reader.PlausibleLength) - ImageHeaderBytes, height * width);
        if (height * width > FeatureLimits.ColumnsMax)
            throw new BadInputException(images.File, null, null, $"images of at most {FeatureLimits.ColumnsMax} pixels", $"{height} x {width}", "make them smaller");
        Image = new ImageShape((int)height, (int)width, 1);
        if (labels is { } described) ReadLabelsHeader(described);
    }

    /// <summary>How many images.</summary>
    public long Count { get; }

    /// <summary>The size of each.</summary>
    public ImageShape Image { get; }

    private int Pixels => Image.Height * Image.Width;

    /// <summary>Opens both files and reads their headers.</summary>
    /// <exception cref="BadInputException">One of them is no such file, or they do not belong together.</exception>
    public static IdxPart Open(string images, string? labels)
    {
        DataReader? imageReader = null, labelReader = null;
        try
        {
            imageReader = DataReader.Open(images);
            labelReader = labels is null ? null : DataReader.Open(labels);
            return new IdxPart((images, imageReader), labelReader is null ? null : (labels!, labelReader));
        }
        catch
        {
            imageReader?.Dispose();
            labelReader?.Dispose();
            throw;
        }
    }

    /// <summary>Hands all images with their labels on.</summary>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="targets">How labels are read; they are called by their numbers.</param>
    public void CopyTo(RowSink sink, TargetReading targets)
    {
        double?[] targetOf = targets.OfBytes(NameOf);
        if (_images.Reader.PlausibleLength - ImageHeaderBytes == Count * Pixels) sink.Expect(Count * Pixels);
        int rowsAtOnce = Math.Max(1, BufferBytes / Pixels);
        var pixels = new byte[rowsAtOnce * Pixels];
        var labels = new byte[rowsAtOnce];
        for (long row = 0; row < Count; row += rowsAtOnce)
        {
            int rows = (int)Math.Min(rowsAtOnce, Count - row);
            Fill(_images, pixels.AsSpan(0, rows * Pixels), ImagesWanted(Image.Height, Image.Width), ImageHeaderBytes, Pixels);
            sink.AddFeatures(pixels.AsSpan(0, rows * Pixels));
            if (_labels is not { } source) continue;
            Fill(source, labels.AsSpan(0, rows), LabelsWanted(Count), LabelHeaderBytes, 1);
            for (int i = 0; i < rows; i++) sink.AddTarget(targetOf[labels[i]] ?? throw targets.Unknown(source.File, NameOf(labels[i]), row + i));
        }
        RequireEnd(_images, ImagesWanted(Image.Height, Image.Width), ImageHeaderBytes, Pixels);
        if (_labels is { } read) RequireEnd(read, LabelsWanted(Count), LabelHeaderBytes, 1);
    }

    /// <summary>Notes which labels a file holds. What is wrong with the file is said when it is read with its images.</summary>
    public static void NoteLabels(string file, Span<bool> present)
    {
        using DataReader reader = DataReader.Open(file);
        var bytes = new byte[BufferBytes];
        if (reader.Fill(bytes.AsSpan(0, LabelHeaderBytes)) < LabelHeaderBytes) return;
        for (int read; (read = reader.Fill(bytes)) > 0;)
            foreach (byte label in bytes.AsSpan(0, read)) present[label] = true;
    }

    /// <summary>What the class of a label is called.</summary>
    public static string NameOf(int label) => label.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _images.Reader.Dispose();
        _labels?.Reader.Dispose();
    }

    private void ReadLabelsHeader((string File, DataReader Reader) labels)
    {
        Span<byte> header = stackalloc byte[LabelHeaderBytes];
        ReadHeader(labels, header, LabelsMagic, "labels");
        long count = Number(header, 4);
        if (labels.Reader.Length is { } bytes && count != bytes - LabelHeaderBytes) throw WrongLength(labels.File, LabelsWanted(count), bytes - LabelHeaderBytes, 1);
        if (count != Count)
            throw new BadInputException(labels.File, null, null, $"{Count} labels, one for each image of {Path.GetFileName(_images.File)}", $"{count}", "use the labels that belong to the images");
    }

    private static void ReadHeader((string File, DataReader Reader) source, Span<byte> header, uint magic, string what)
    {
        int read = source.Reader.Fill(header);
        if (read < header.Length)
            throw new BadInputException(source.File, null, null, $"an IDX header of {header.Length} bytes", $"{read} bytes", "copy or download the file again");
        uint got = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (got != magic)
            throw new BadInputException(source.File, null, null, $"IDX {what} (magic 0x{magic:X8})", $"magic 0x{got:X8}", "check that images and labels were not exchanged, and that the elements are unsigned bytes");
    }

    private static void Fill((string File, DataReader Reader) source, Span<byte> to, string wanted, int headerBytes, long itemBytes)
    {
        if (source.Reader.Fill(to) < to.Length) throw WrongLength(source.File, wanted, source.Reader.BytesRead - headerBytes, itemBytes);
    }

    /// <summary>A packed file says only at its end how long it is.</summary>
    private static void RequireEnd((string File, DataReader Reader) source, string wanted, int headerBytes, long itemBytes)
    {
        var more = new byte[1 << 16];
        if (source.Reader.Fill(more) == 0) return;
        while (source.Reader.Fill(more) > 0) { }
        throw WrongLength(source.File, wanted, source.Reader.BytesRead - headerBytes, itemBytes);
    }

    private string ImagesWanted(long height, long width) => $"{Count} images of {height} x {width} bytes after the header";

    private static string LabelsWanted(long count) => $"{count} labels after the header";

    private static long Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static BadInputException WrongLength(string file, string wanted, long got, long itemBytes) =>
        new(file, null, null, wanted, $"{got} bytes, which end in row {(got / itemBytes) + 1}", "copy or download the file again");
}

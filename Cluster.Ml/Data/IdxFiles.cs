using System.Buffers.Binary;
using System.Globalization;

namespace Cluster.Ml.Data;

/// <summary>Reads images and labels in the IDX format of MNIST, plain or gzip, by their standard names.</summary>
/// <remarks>
/// Shapes    images: magic 0x00000803, count, rows, columns (big-endian), then bytes; labels: magic 0x00000801, count, then bytes
/// Source    LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section File formats
/// </remarks>
internal static class IdxFiles
{
    private const uint ImagesMagic = 0x0000_0803, LabelsMagic = 0x0000_0801;
    private const int ImageHeaderBytes = 16, LabelHeaderBytes = 8;

    /// <summary>Whether the source looks like IDX by its name.</summary>
    public static bool IsIdx(string source)
    {
        string name = Path.GetFileName(source);
        return Directory.Exists(source) || name.Contains("-idx", StringComparison.OrdinalIgnoreCase) || name.Contains(".idx", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The training images of a folder followed by its test images, or the images of one file.</summary>
    public static RawRows Read(string source)
    {
        if (!Directory.Exists(source)) return ReadFile(source, required: true);
        string images = Find(source, "train-images", "idx3") ?? throw Missing(source, "train-images-idx3-ubyte");
        Part train = ReadPart(images, LabelsOf(images) ?? throw Missing(source, "train-labels-idx1-ubyte"));
        if (Find(source, "t10k-images", "idx3") is not { } testImages) return Rows(train, null);
        return Rows(train, ReadPart(testImages, LabelsOf(testImages) ?? throw Missing(source, "t10k-labels-idx1-ubyte")));
    }

    /// <summary>The files that <see cref="Read"/> reads and that are there.</summary>
    public static IEnumerable<string> FilesOf(string source)
    {
        string?[] images = Directory.Exists(source) ? [Find(source, "train-images", "idx3"), Find(source, "t10k-images", "idx3")] : [source];
        return images.OfType<string>().SelectMany(file => new[] { file, LabelsOf(file) }).OfType<string>();
    }

    /// <summary>Images to predict: a folder's test images where it has them, else its training images; or one file.</summary>
    public static RawRows ReadForPrediction(string source)
    {
        if (!Directory.Exists(source)) return ReadFile(source, required: false);
        string images = Find(source, "t10k-images", "idx3") ?? Find(source, "train-images", "idx3") ?? throw Missing(source, "t10k-images-idx3-ubyte");
        return Rows(ReadPart(images, LabelsOf(images)), null);
    }

    private static RawRows ReadFile(string images, bool required)
    {
        string? labels = LabelsOf(images);
        if (labels is null && required)
            throw Missing(Path.GetDirectoryName(images) ?? ".", Path.GetFileName(images).Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal));
        return Rows(ReadPart(images, labels), null);
    }

    private sealed record Part(string File, byte[] Pixels, byte[]? Labels, int Count, ImageShape Image);

    private static RawRows Rows(Part train, Part? test)
    {
        if (test is not null && test.Image != train.Image)
            throw new BadInputException(test.File, null, null, $"images of {train.Image.Height} x {train.Image.Width}", $"{test.Image.Height} x {test.Image.Width}", "training and test images must have one size");
        int rows = train.Count + (test?.Count ?? 0);
        byte[] labels = [.. train.Labels ?? [], .. test?.Labels ?? []];
        int classes = train.Labels is null ? 0 : labels.Max() + 1;
        return new RawRows
        {
            File = train.File,
            FeatureNames = [.. PixelNames(train.Image)],
            Rows = rows,
            Bytes = test is null ? train.Pixels : [.. train.Pixels, .. test.Pixels],
            Targets = Array.ConvertAll(labels, l => (double)l),
            Classes = [.. Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture))],
            Image = train.Image,
            OwnTestStart = test is null ? rows : train.Count,
        };
    }

    private static IEnumerable<string> PixelNames(ImageShape image) =>
        from row in Enumerable.Range(0, image.Height)
        from column in Enumerable.Range(0, image.Width)
        select string.Create(CultureInfo.InvariantCulture, $"pixel_{row}_{column}");

    private static Part ReadPart(string imagesFile, string? labelsFile)
    {
        byte[] images = DataFile.Read(imagesFile);
        RequireMagic(imagesFile, images, ImagesMagic, ImageHeaderBytes, "images");
        (long count, long height, long width) = (Number(images, 4), Number(images, 8), Number(images, 12));
        if (count == 0 || height == 0 || width == 0)
            throw new BadInputException(imagesFile, null, null, "at least one image of at least one pixel", $"{count} of {height} x {width}", "check the header of the file");
        if (height > 1 << 15 || width > 1 << 15 || count * height * width != images.Length - ImageHeaderBytes)
            throw WrongLength(imagesFile, $"{count} images of {height} x {width} bytes after the header", images.Length - ImageHeaderBytes);
        byte[]? labels = labelsFile is null ? null : ReadLabels(labelsFile, imagesFile, count);
        return new Part(imagesFile, images[ImageHeaderBytes..], labels, (int)count, new ImageShape((int)height, (int)width, 1));
    }

    private static byte[] ReadLabels(string file, string imagesFile, long images)
    {
        byte[] bytes = DataFile.Read(file);
        RequireMagic(file, bytes, LabelsMagic, LabelHeaderBytes, "labels");
        long count = Number(bytes, 4);
        if (count != bytes.Length - LabelHeaderBytes) throw WrongLength(file, $"{count} labels after the header", bytes.Length - LabelHeaderBytes);
        if (count != images)
            throw new BadInputException(file, null, null, $"{images} labels, one for each image of {Path.GetFileName(imagesFile)}", $"{count}", "use the labels that belong to the images");
        return bytes[LabelHeaderBytes..];
    }

    private static void RequireMagic(string file, byte[] bytes, uint magic, int headerBytes, string what)
    {
        if (bytes.Length < headerBytes)
            throw new BadInputException(file, null, null, $"an IDX header of {headerBytes} bytes", $"{bytes.Length} bytes", "copy or download the file again");
        uint got = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (got != magic)
            throw new BadInputException(file, null, null, $"IDX {what} (magic 0x{magic:X8})", $"magic 0x{got:X8}", "check that images and labels were not exchanged, and that the elements are unsigned bytes");
    }

    private static long Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private static BadInputException WrongLength(string file, string wanted, long got) =>
        new(file, null, null, wanted, $"{got} bytes", "copy or download the file again");

    private static BadInputException Missing(string folder, string name) =>
        new(folder, null, null, $"a file {name} or {name}.gz", "none of this name", "use the standard MNIST names, or name a CSV file in data.source");

    private static string? Find(string folder, string name, string dimensions) =>
        new[] { $"{name}-{dimensions}-ubyte", $"{name}-{dimensions}-ubyte.gz", $"{name}.{dimensions}-ubyte", $"{name}.{dimensions}-ubyte.gz" }
            .Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    private static string? LabelsOf(string imagesFile)
    {
        string name = Path.GetFileName(imagesFile);
        string stem = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        string labels = stem.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        if (labels == stem) return null;
        string folder = Path.GetDirectoryName(imagesFile) ?? ".";
        return new[] { labels, labels + ".gz" }.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
    }
}

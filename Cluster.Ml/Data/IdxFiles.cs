using System.Globalization;

namespace Cluster.Ml.Data;

/// <summary>Reads images and labels in the IDX format of MNIST, plain or gzip, by their standard names.</summary>
/// <remarks>
/// Shapes    images: magic 0x00000803, count, rows, columns (big-endian), then bytes; labels: magic 0x00000801, count, then bytes
/// Source    LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section File formats
/// </remarks>
internal static class IdxFiles
{
    /// <summary>The training images of a folder followed by its test images, or the images of one file.</summary>
    public static RowFacts Read(string source, TargetReading targets, RowSink sink) =>
        Read(PartsOf(source), needsLabels: targets.Kind != TargetKind.None, targets, sink);

    /// <summary>Images for a model: a folder's test images where it has them, else its training images; or one file.</summary>
    public static RowFacts ReadFor(string source, TargetReading targets, RowSink sink) => Read([PartFor(source)], needsLabels: false, targets, sink);

    /// <summary>The files that <see cref="Read(string, TargetReading, RowSink)"/> reads and that are there.</summary>
    public static IEnumerable<string> FilesOf(string source, TargetReading targets)
    {
        string?[] images = Directory.Exists(source) ? [Find(source, "train-images", "idx3"), Find(source, "t10k-images", "idx3")] : [source];
        return images.OfType<string>().SelectMany(file => FilesOfPart(file, targets));
    }

    /// <summary>The files that <see cref="ReadFor"/> reads.</summary>
    public static IEnumerable<string> FilesFor(string source, TargetReading targets) => FilesOfPart(PartFor(source), targets);

    private static string[] PartsOf(string source)
    {
        if (!Directory.Exists(source)) return [source];
        string train = Find(source, "train-images", "idx3") ?? throw Missing(source, "train-images-idx3-ubyte");
        return Find(source, "t10k-images", "idx3") is { } test ? [train, test] : [train];
    }

    private static string PartFor(string source) => !Directory.Exists(source) ? source
        : Find(source, "t10k-images", "idx3") ?? Find(source, "train-images", "idx3") ?? throw Missing(source, "t10k-images-idx3-ubyte");

    private static IEnumerable<string> FilesOfPart(string images, TargetReading targets) =>
        targets.Kind != TargetKind.None && LabelsOf(images) is { } labels ? [images, labels] : [images];

    private static RowFacts Read(IReadOnlyList<string> images, bool needsLabels, TargetReading targets, RowSink sink)
    {
        if (targets is { Kind: TargetKind.Class, Known: null }) targets = targets with { Known = ClassesOf(images) };
        (ImageShape? shape, int rows, int ownTest) = (null, 0, 0);
        foreach (string file in images)
        {
            string? labels = targets.Kind == TargetKind.None ? null
                : LabelsOf(file) ?? (needsLabels ? throw Missing(Path.GetDirectoryName(file) ?? ".", LabelsNameOf(file)) : null);
            using IdxPart part = IdxPart.Open(file, labels);
            if (shape is not null && part.Image != shape)
                throw new BadInputException(file, null, null, $"images of {shape.Height} x {shape.Width}", $"{part.Image.Height} x {part.Image.Width}", "training and test images must have one size");
            if (part.Count > int.MaxValue - rows) throw new BadInputException(file, null, null, $"at most {int.MaxValue} images", $"{rows + part.Count}", "split the data");
            shape = part.Image;
            part.CopyTo(sink, targets);
            ownTest = rows == 0 ? (int)part.Count : ownTest;
            rows += (int)part.Count;
        }
        return new RowFacts([.. PixelNames(shape!)], targets.Known?.Names ?? [], shape, ownTest);
    }

    /// <summary>The labels that images have, in numeric order: a number below the largest that no image has is no class.</summary>
    private static ClassNames ClassesOf(IReadOnlyList<string> images)
    {
        bool[] present = new bool[byte.MaxValue + 1];
        foreach (string labels in images.Select(LabelsOf).OfType<string>()) IdxPart.NoteLabels(labels, present);
        return new ClassNames([.. Enumerable.Range(0, present.Length).Where(label => present[label]).Select(IdxPart.NameOf)]);
    }

    private static IEnumerable<string> PixelNames(ImageShape image) =>
        from row in Enumerable.Range(0, image.Height)
        from column in Enumerable.Range(0, image.Width)
        select string.Create(CultureInfo.InvariantCulture, $"pixel_{row}_{column}");

    private static BadInputException Missing(string folder, string name) =>
        new(folder, null, null, $"a file {name} or {name}.gz", "none of this name", "use the standard MNIST names, or name a CSV file in data.source");

    private static string? Find(string folder, string name, string dimensions) =>
        new[] { $"{name}-{dimensions}-ubyte", $"{name}-{dimensions}-ubyte.gz", $"{name}.{dimensions}-ubyte", $"{name}.{dimensions}-ubyte.gz" }
            .Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    private static string? LabelsOf(string imagesFile)
    {
        string labels = LabelsNameOf(imagesFile);
        if (labels == Unpacked(imagesFile)) return null;
        string folder = Path.GetDirectoryName(imagesFile) ?? ".";
        return new[] { labels, labels + ".gz" }.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
    }

    /// <summary>What the labels of these images are called.</summary>
    private static string LabelsNameOf(string imagesFile) =>
        Unpacked(imagesFile).Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);

    private static string Unpacked(string file)
    {
        string name = Path.GetFileName(file);
        return name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
    }
}

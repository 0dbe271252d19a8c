using System.Globalization;
using System.Text;

namespace Cluster.Ml.Data;

/// <summary>Reads the binary version of CIFAR-10, plain or gzip, by its standard names.</summary>
/// <remarks>
/// Shapes    a record is a label byte, then 1,024 red, 1,024 green and 1,024 blue bytes, each plane by rows of 32 × 32; rows come out
///           as [height, width, channel]
/// Source    Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009); "The CIFAR-10 dataset", section Binary version
/// </remarks>
internal static class CifarFiles
{
    private const int Side = 32, Channels = 3, Pixels = Side * Side, RecordBytes = 1 + (Channels * Pixels), Classes = 10;
    private const int TrainingFiles = 5, MetaBytesMax = 1 << 16;

    private static readonly string[] s_colours = ["red", "green", "blue"];

    /// <summary>Whether the folder holds files of the standard names.</summary>
    public static bool AreIn(string folder) => Training(folder).Count > 0 || Find(folder, "test_batch.bin") is not null;

    /// <summary>The training images of a folder followed by its test images, or the images of one file.</summary>
    public static RowFacts Read(string source, TargetReading targets, RowSink sink)
    {
        if (!Directory.Exists(source)) return Read([source], null, targets, sink);
        IReadOnlyList<string> training = Training(source);
        if (training.Count == 0) throw Missing(source, "data_batch_1.bin");
        return Read(training, Find(source, "test_batch.bin"), targets, sink);
    }

    /// <summary>The files that <see cref="Read(string, TargetReading, RowSink)"/> reads and that are there.</summary>
    public static IEnumerable<string> FilesOf(string source)
    {
        IEnumerable<string?> images = Directory.Exists(source) ? [.. Training(source), Find(source, "test_batch.bin")] : [source];
        return WithMeta(images.OfType<string>());
    }

    /// <summary>Images for a model: a folder's test images where it has them, else its training images; or one file.</summary>
    public static RowFacts ReadFor(string source, TargetReading targets, RowSink sink) => Read([PartFor(source)], null, targets, sink);

    /// <summary>The files that <see cref="ReadFor"/> reads and that are there.</summary>
    public static IEnumerable<string> FilesFor(string source) => WithMeta([PartFor(source)]);

    private static string PartFor(string source) => !Directory.Exists(source) ? source
        : Find(source, "test_batch.bin") ?? (Training(source) is [var first, ..] ? first : throw Missing(source, "test_batch.bin"));

    private static string[] WithMeta(IEnumerable<string> images)
    {
        string[] files = [.. images];
        return files.Length > 0 && File.Exists(MetaOf(files[0])) ? [.. files, MetaOf(files[0])] : files;
    }

    private static RowFacts Read(IReadOnlyList<string> files, string? test, TargetReading targets, RowSink sink)
    {
        string[] names = ClassNames(files[0]);
        double?[] targetOf = targets.OfBytes(label => label < Classes ? names[label] : "");
        long rows = 0;
        foreach (string file in files) rows += CopyTo(sink, file, names, targetOf, targets);
        long all = rows + (test is null ? 0 : CopyTo(sink, test, names, targetOf, targets));
        if (all > int.MaxValue) throw new BadInputException(files[0], null, null, $"at most {int.MaxValue} images", $"{all}", "split the data");
        return new RowFacts([.. PixelNames()], targets.Known?.Names ?? names, new ImageShape(Side, Side, Channels), (int)rows);
    }

    /// <summary>Hands the images of a file on.</summary>
    /// <returns>How many.</returns>
    private static long CopyTo(RowSink sink, string file, string[] names, double?[] targetOf, TargetReading targets)
    {
        using DataReader reader = DataReader.Open(file);
        if (reader.Length is { } length && (length == 0 || length % RecordBytes != 0)) throw NoRecords(file, length);
        byte[] record = new byte[RecordBytes], pixels = new byte[Channels * Pixels];
        long row = 0;
        for (int count = reader.Fill(record); count > 0; count = reader.Fill(record), row++)
        {
            if (count < RecordBytes) throw NoRecords(file, reader.BytesRead);
            if (record[0] >= Classes)
                throw new BadInputException(
                    file, null, null, $"labels from 0 to {Classes - 1}", $"{record[0]} in record {row + 1}", "use CIFAR-10 (not CIFAR-100) in its binary version");
            Interleave(record.AsSpan(1), pixels);
            sink.AddFeatures(pixels);
            if (targets.Kind != TargetKind.None) sink.AddTarget(targetOf[record[0]] ?? throw targets.Unknown(file, names[record[0]], row));
        }
        return row > 0 ? row : throw NoRecords(file, 0);
    }

    private static BadInputException NoRecords(string file, long bytes) =>
        new(file, null, null, $"records of {RecordBytes} bytes (CIFAR-10, binary version)", $"{bytes} bytes", "copy or download the file again");

    /// <summary>From planes to pixels.</summary>
    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (int pixel = 0; pixel < Pixels; pixel++)
            for (int channel = 0; channel < Channels; channel++)
                pixels[(pixel * Channels) + channel] = planes[(channel * Pixels) + pixel];
    }

    /// <summary>What batches.meta.txt beside the file calls the classes; their numbers if it is absent or odd.</summary>
    private static string[] ClassNames(string file)
    {
        string meta = MetaOf(file);
        string[] names = File.Exists(meta)
            ? [.. Encoding.UTF8.GetString(DataFile.Read(meta, MetaBytesMax)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
            : [];
        return names.Length == Classes && names.Distinct().Count() == Classes
            ? names
            : [.. Enumerable.Range(0, Classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
    }

    private static string MetaOf(string file) => Path.Combine(Path.GetDirectoryName(file) ?? ".", "batches.meta.txt");

    private static IEnumerable<string> PixelNames() =>
        from row in Enumerable.Range(0, Side)
        from column in Enumerable.Range(0, Side)
        from channel in s_colours
        select string.Create(CultureInfo.InvariantCulture, $"pixel_{row}_{column}_{channel}");

    private static IReadOnlyList<string> Training(string folder) =>
        [.. Enumerable.Range(1, TrainingFiles).Select(i => Find(folder, string.Create(CultureInfo.InvariantCulture, $"data_batch_{i}.bin"))).OfType<string>()];

    private static string? Find(string folder, string name) =>
        new[] { name, name + ".gz" }.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    private static BadInputException Missing(string folder, string name) =>
        new(folder, null, null, $"a file {name} or {name}.gz", "none of this name", "name the folder of CIFAR-10's binary version in data.source");
}

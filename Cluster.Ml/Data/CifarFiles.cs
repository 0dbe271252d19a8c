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
    private const int TrainingFiles = 5;

    private static readonly string[] s_colours = ["red", "green", "blue"];

    /// <summary>Whether the source looks like CIFAR by its name, or by the names in the folder.</summary>
    public static bool IsCifar(string source)
    {
        if (Directory.Exists(source)) return Training(source).Count > 0 || Find(source, "test_batch.bin") is not null;
        string name = Path.GetFileName(source);
        return name.StartsWith("data_batch", StringComparison.OrdinalIgnoreCase) || name.StartsWith("test_batch", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The training pictures of a folder followed by its test pictures, or the pictures of one file.</summary>
    public static RawRows Read(string source)
    {
        if (!Directory.Exists(source)) return Rows(source, ReadFile(source), []);
        IReadOnlyList<string> training = Training(source);
        if (training.Count == 0) throw Missing(source, "data_batch_1.bin");
        byte[] first = [.. training.SelectMany(ReadFile)];
        return Rows(training[0], first, Find(source, "test_batch.bin") is { } test ? ReadFile(test) : []);
    }

    /// <summary>The files that <see cref="Read"/> reads and that are there.</summary>
    public static IEnumerable<string> FilesOf(string source)
    {
        string folder = Directory.Exists(source) ? source : Path.GetDirectoryName(source) ?? ".";
        IEnumerable<string?> pictures = folder == source ? [.. Training(source), Find(source, "test_batch.bin")] : [source];
        return pictures.Append(File.Exists(MetaOf(folder)) ? MetaOf(folder) : null).OfType<string>();
    }

    /// <summary>Pictures to predict: a folder's test pictures where it has them, else its training pictures; or one file.</summary>
    public static RawRows ReadForPrediction(string source)
    {
        if (!Directory.Exists(source)) return Rows(source, ReadFile(source), []);
        IReadOnlyList<string> training = Training(source);
        string file = Find(source, "test_batch.bin") ?? (training.Count > 0 ? training[0] : throw Missing(source, "test_batch.bin"));
        return Rows(file, ReadFile(file), []);
    }

    private static RawRows Rows(string file, byte[] records, byte[] testRecords)
    {
        int rows = records.Length / RecordBytes, testRows = testRecords.Length / RecordBytes;
        byte[] pixels = new byte[(rows + testRows) * Channels * Pixels];
        double[] labels = new double[rows + testRows];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<byte> record = row < rows
                ? records.AsSpan(row * RecordBytes, RecordBytes)
                : testRecords.AsSpan((row - rows) * RecordBytes, RecordBytes);
            labels[row] = record[0];
            Interleave(record[1..], pixels.AsSpan(row * Channels * Pixels, Channels * Pixels));
        }
        RowFacts facts = new([.. Names()], ClassNames(file), new ImageShape(Side, Side, Channels), rows);
        return new RawRows(file, facts, new MemoryRows(pixels, Channels * Pixels, labels));
    }

    /// <summary>From planes to pixels.</summary>
    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (int pixel = 0; pixel < Pixels; pixel++)
            for (int channel = 0; channel < Channels; channel++)
                pixels[(pixel * Channels) + channel] = planes[(channel * Pixels) + pixel];
    }

    private static byte[] ReadFile(string file)
    {
        byte[] bytes = DataFile.Read(file);
        if (bytes.Length == 0 || bytes.Length % RecordBytes != 0)
            throw new BadInputException(file, null, null, $"records of {RecordBytes} bytes (CIFAR-10, binary version)", $"{bytes.Length} bytes", "copy or download the file again");
        for (int at = 0; at < bytes.Length; at += RecordBytes)
            if (bytes[at] >= Classes)
                throw new BadInputException(
                    file, null, null, $"labels from 0 to {Classes - 1}", $"{bytes[at]} in record {(at / RecordBytes) + 1}", "use CIFAR-10 (not CIFAR-100) in its binary version");
        return bytes;
    }

    /// <summary>What batches.meta.txt beside the file calls the classes; their numbers where it is absent or odd.</summary>
    private static string[] ClassNames(string file)
    {
        string meta = MetaOf(Path.GetDirectoryName(file) ?? ".");
        string[] names = File.Exists(meta)
            ? [.. Encoding.UTF8.GetString(DataFile.Read(meta)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
            : [];
        return names.Length == Classes && names.Distinct().Count() == Classes
            ? names
            : [.. Enumerable.Range(0, Classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
    }

    private static string MetaOf(string folder) => Path.Combine(folder, "batches.meta.txt");

    private static IEnumerable<string> Names() =>
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

using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>Reads the rows of a table or of images, whatever their format, to where the storage keeps them.</summary>
internal static class SourceRows
{
    /// <summary>The rows that a model is to be trained on.</summary>
    public static RawRows Read(DataSpec data, TargetKind target, RowStorage storage)
    {
        DataFormat format = SourceFormat.Of(data.Source, data.Format);
        return format is DataFormat.Cifar or DataFormat.Idx
            ? Images(data.Source, format, new TargetReading(TargetKind.Class), storage)
            : new RowSource(
                data.Source, [data.Source], ["csv", $"{target}", data.Target ?? "", $"{data.Ignore.Count}", .. data.Ignore, .. data.Classes.Where(MissingValue.Is)],
                sink => CsvTable.Read(data.Source, target, data.Target, data.Ignore, data.Classes, sink)).Read(storage);
    }

    /// <summary>Rows for a trained model; of a folder of images, those to test on.</summary>
    public static RawRows ReadFor(string source, Preprocessing model, TargetReading targets, RowStorage storage) => SourceFormat.OfRows(source) switch
    {
        DataFormat.Cifar => Of(source, [.. CifarFiles.FilesFor(source)], ["cifar", .. targets.Manner], sink => CifarFiles.ReadFor(source, targets, sink)).Read(storage),
        DataFormat.Idx => Of(source, [.. IdxFiles.FilesFor(source, targets)], ["idx", .. targets.Manner], sink => IdxFiles.ReadFor(source, targets, sink)).Read(storage),
        _ => new RowSource(
            source, [source], ["csv for a model", model.TargetName ?? "", .. targets.Manner, .. model.FeatureNames],
            sink => CsvTable.ReadFor(source, model, targets, sink)).Read(storage),
    };

    /// <summary>Rows to learn from without their targets, which are not read; of a folder of images, those to learn from.</summary>
    public static RawRows ReadOtherDomain(string source, Preprocessing like, RowStorage storage) => SourceFormat.OfRows(source) is var format and not DataFormat.Csv
        ? Images(source, format, TargetReading.None, storage)
        : ReadFor(source, like, TargetReading.None, storage);

    private static RawRows Images(string source, DataFormat format, TargetReading targets, RowStorage storage) => format == DataFormat.Cifar
        ? Of(source, [.. CifarFiles.FilesOf(source)], ["cifar to learn from", .. targets.Manner], sink => CifarFiles.Read(source, targets, sink)).Read(storage)
        : Of(source, [.. IdxFiles.FilesOf(source, targets)], ["idx to learn from", .. targets.Manner], sink => IdxFiles.Read(source, targets, sink)).Read(storage);

    /// <summary>Errors of images name the first of their files.</summary>
    private static RowSource Of(string source, IReadOnlyList<string> files, IReadOnlyList<string> manner, Func<RowSink, RowFacts> read) =>
        new(files.Count > 0 ? files[0] : source, files, manner, read);
}

using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>Reads the rows of a table or of images, whatever their format, to where the storage keeps them.</summary>
internal static class SourceRows
{
    /// <summary>The rows that a model is to be trained on.</summary>
    /// <param name="data">The source.</param>
    /// <param name="target">What targets are.</param>
    /// <param name="storage">Where rows are kept.</param>
    /// <param name="group">The column of a table that says which group a row is of, read as the last one; null for none.</param>
    public static RawRows Read(DataSpec data, TargetKind target, RowStorage storage, string? group = null)
    {
        DataFormat format = SourceFormat.Of(data.Source, data.Format);
        return format is DataFormat.Cifar or DataFormat.Idx
            ? Images(data.Source, format, new TargetReading(TargetKind.Class), storage)
            : new RowSource(
                data.Source, [data.Source],
                ["csv", $"{target}", data.Target ?? "", $"{data.Ignore.Count}", .. data.Ignore, .. data.Classes.Where(MissingValue.Is), .. MannerOf(data), .. group is null ? Array.Empty<string>() : ["group", group]],
                sink => CsvTable.Read(data, target, sink, group)).Read(storage);
    }

    /// <summary>What decides how fields are read, where it is not the usual way.</summary>
    private static string[] MannerOf(DataSpec data) => data is { Missing: MissingKind.Refuse, Encode: null } && data.Dialect == TableDialect.Usual ? []
        : ["columns", data.Missing switch { MissingKind.Refuse or MissingKind.Drop => $"{data.Missing}", _ => "Fill" }, EncodeSection.Write(data) ?? "", $"{data.Dialect}"];

    /// <summary>Rows for a trained model; of a folder of images, those to test on.</summary>
    /// <param name="source">The table or the images.</param>
    /// <param name="model">What the model makes of them.</param>
    /// <param name="targets">Whether and how targets are read.</param>
    /// <param name="storage">Where rows are kept.</param>
    /// <param name="drops">Whether rows that lack values are left out where training left them out, or refused.</param>
    public static RawRows ReadFor(string source, Preprocessing model, TargetReading targets, RowStorage storage, bool drops = false) => SourceFormat.OfRows(source) switch
    {
        DataFormat.Cifar => Of(source, [.. CifarFiles.FilesFor(source)], ["cifar", .. targets.Manner], sink => CifarFiles.ReadFor(source, targets, sink)).Read(storage),
        DataFormat.Idx => Of(source, [.. IdxFiles.FilesFor(source, targets)], ["idx", .. targets.Manner], sink => IdxFiles.ReadFor(source, targets, sink)).Read(storage),
        _ => OfTable(source, model, targets, storage, drops),
    };

    private static RawRows OfTable(string source, Preprocessing model, TargetReading targets, RowStorage storage, bool drops)
    {
        string[] manner = model is { Encoding: null, Dialect: null } ? [] : [$"{drops}", model.ToJson()];
        RawRows rows = new RowSource(
            source, [source], ["csv for a model", model.TargetName ?? "", .. targets.Manner, .. model.FeatureNames, .. manner],
            sink => CsvTable.ReadFor(source, model, targets, drops, sink)).Read(storage);
        return model.Encoding?.Over(rows) ?? rows;
    }

    /// <summary>Rows to learn from without their targets, which are not read; of a folder of images, those to learn from.</summary>
    public static RawRows ReadOtherDomain(string source, Preprocessing like, RowStorage storage) => SourceFormat.OfRows(source) is var format and not DataFormat.Csv and not DataFormat.Numpy and not DataFormat.Parquet
        ? Images(source, format, TargetReading.None, storage)
        : ReadFor(source, like, TargetReading.None, storage, drops: true);

    private static RawRows Images(string source, DataFormat format, TargetReading targets, RowStorage storage) => format == DataFormat.Cifar
        ? Of(source, [.. CifarFiles.FilesOf(source)], ["cifar to learn from", .. targets.Manner], sink => CifarFiles.Read(source, targets, sink)).Read(storage)
        : Of(source, [.. IdxFiles.FilesOf(source, targets)], ["idx to learn from", .. targets.Manner], sink => IdxFiles.Read(source, targets, sink)).Read(storage);

    /// <summary>Errors of images name the first of their files.</summary>
    private static RowSource Of(string source, IReadOnlyList<string> files, IReadOnlyList<string> manner, Func<RowSink, RowFacts> read) =>
        new(files.Count > 0 ? files[0] : source, files, manner, read);
}

using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>Reads the rows of a table or of pictures, whatever their format, to where the storage keeps them.</summary>
internal static class SourceRows
{
    /// <summary>The rows that a model is to be trained on.</summary>
    public static RawRows Read(DataSpec data, TargetKind target, RowStorage storage)
    {
        DataFormat format = data.Format != DataFormat.Auto ? data.Format
            : CifarFiles.IsCifar(data.Source) ? DataFormat.Cifar
            : IdxFiles.IsIdx(data.Source) ? DataFormat.Idx : DataFormat.Csv;
        return format switch
        {
            DataFormat.Cifar => CifarFiles.Read(data.Source),
            DataFormat.Idx => Pictures(data.Source, [.. IdxFiles.FilesOf(data.Source)], sink => IdxFiles.Read(data.Source, sink)).Read(storage),
            _ => new RowSource(
                data.Source, [data.Source], ["csv", $"{target}", data.Target ?? "", .. data.Ignore],
                sink => CsvTable.Read(data.Source, target, data.Target, data.Ignore, sink)).Read(storage),
        };
    }

    /// <summary>Rows for a trained model.</summary>
    public static RawRows ReadForPrediction(string source, Preprocessing model, RowStorage storage) =>
        CifarFiles.IsCifar(source) ? CifarFiles.ReadForPrediction(source)
        : IdxFiles.IsIdx(source) ? Pictures(source, [.. IdxFiles.FilesForPrediction(source)], sink => IdxFiles.ReadForPrediction(source, sink)).Read(storage)
        : new RowSource(
            source, [source], ["csv to predict", $"{model.TargetKind}", model.TargetName ?? "", $"{model.Classes.Count}", .. model.Classes, .. model.FeatureNames],
            sink => CsvTable.ReadFor(source, model, sink)).Read(storage);

    /// <summary>Rows to learn from without their targets: a target column is not read; of a folder of pictures, its training pictures.</summary>
    public static RawRows ReadWithoutTargets(string source, Preprocessing like, RowStorage storage) =>
        CifarFiles.IsCifar(source) ? CifarFiles.Read(source)
        : IdxFiles.IsIdx(source) ? Pictures(source, [.. IdxFiles.FilesOf(source)], sink => IdxFiles.Read(source, sink)).Read(storage)
        : ReadForPrediction(source, like with { TargetKind = TargetKind.None }, storage);

    /// <summary>Faults of pictures name the first of their files.</summary>
    private static RowSource Pictures(string source, IReadOnlyList<string> files, Func<RowSink, RowFacts> read) =>
        new(files.Count > 0 ? files[0] : source, files, ["idx"], read);
}

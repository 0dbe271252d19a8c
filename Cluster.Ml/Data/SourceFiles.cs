using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>A file that loading a job's data reads.</summary>
/// <param name="Name">What it is called where the source is copied to.</param>
/// <param name="Path">Where it is.</param>
public readonly record struct NamedFile(string Name, string Path);

/// <summary>Of what files a data source consists, so that it can be copied to if it is not seen.</summary>
public static class SourceFiles
{
    /// <summary>A text to test on, or rows of another domain, may be called what the source is called.</summary>
    private const string TestFolder = "test", OtherFolder = "adapt";

    private static readonly TargetReading s_withLabels = new(TargetKind.Class);

    /// <summary>The files that <see cref="PreparedData.Load(JobSpec, Numerics.NumberKind)"/> reads and that are there; in one order for equal sources.</summary>
    public static IReadOnlyList<NamedFile> Of(DataSpec data)
    {
        if (!data.IsRead) return [];
        if (data.Text is { } text)
            return text.TestSource is { } test ? [Named(data.Source), Named(test) with { Name = TestNameOf(test) }] : [Named(data.Source)];
        IEnumerable<string> others = data.AdaptTo is { } other ? FilesOf(other, SourceFormat.OfRows(other)) : [];
        return
        [
            .. FilesOf(data.Source, SourceFormat.Of(data.Source, data.Format)).Select(Named),
            .. others.Select(file => Named(file) with { Name = $"{OtherFolder}/{Path.GetFileName(file)}" }),
        ];
    }

    /// <summary>The files that rows for a model are read from, and those beside them that belong to the rows.</summary>
    public static IReadOnlyList<string> ForModel(string source) => SourceFormat.OfRows(source) switch
    {
        DataFormat.Cifar => [.. CifarFiles.FilesFor(source)],
        DataFormat.Idx => [.. IdxFiles.FilesFor(source, s_withLabels)],
        _ => [source],
    };

    /// <summary>Whether two paths lead to one file, by whatever links.</summary>
    public static bool AreSame(string first, string second) => RealPath.Of(first) == RealPath.Of(second);

    /// <summary>The job with its data in another folder, to which the files were copied under their names.</summary>
    public static JobSpec Moved(JobSpec spec, string folder)
    {
        DataSpec data = spec.Data;
        DataSpec moved = data with { Source = data.Text is not null ? Path.Combine(folder, Path.GetFileName(data.Source)) : MovedTo(folder, data.Source) };
        if (data.AdaptTo is { } other) moved = moved with { AdaptTo = MovedTo(Path.Combine(folder, OtherFolder), other) };
        if (data.Text is { TestSource: { } test } text) moved = moved with { Text = text with { TestSource = Path.Combine(folder, TestNameOf(test)) } };
        return spec with { Data = moved };
    }

    private static IEnumerable<string> FilesOf(string source, DataFormat format) => format switch
    {
        DataFormat.Cifar => CifarFiles.FilesOf(source),
        DataFormat.Idx => IdxFiles.FilesOf(source, s_withLabels),
        _ => [source],
    };

    private static string MovedTo(string folder, string source) =>
        Path.Combine(folder, Path.GetFileName(source)) is var file && File.Exists(file) ? file : folder;

    private static NamedFile Named(string path) => new(Path.GetFileName(path), path);

    private static string TestNameOf(string path) => $"{TestFolder}/{Path.GetFileName(path)}";
}

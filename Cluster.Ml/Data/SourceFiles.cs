using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>A file that loading a job's data reads.</summary>
/// <param name="Name">What it is called where the source is copied to.</param>
/// <param name="Path">Where it is.</param>
public readonly record struct NamedFile(string Name, string Path);

/// <summary>Of what files a data source consists, so that it can be copied to where it is not seen.</summary>
public static class SourceFiles
{
    /// <summary>A text to test on may be called what the text to learn from is called.</summary>
    private const string TestFolder = "test";

    /// <summary>The files that <see cref="PreparedData.Load(JobSpec, Numerics.NumberKind)"/> reads and that are there; in one order for equal sources.</summary>
    public static IReadOnlyList<NamedFile> Of(DataSpec data)
    {
        if (data.Text is { } text)
            return text.TestSource is { } test ? [Named(data.Source), Named(test) with { Name = TestNameOf(test) }] : [Named(data.Source)];
        IEnumerable<string> files = data.Format switch
        {
            DataFormat.Csv => [data.Source],
            DataFormat.Cifar => CifarFiles.FilesOf(data.Source),
            DataFormat.Idx => IdxFiles.FilesOf(data.Source),
            _ when CifarFiles.IsCifar(data.Source) => CifarFiles.FilesOf(data.Source),
            _ when IdxFiles.IsIdx(data.Source) => IdxFiles.FilesOf(data.Source),
            _ => [data.Source],
        };
        return [.. files.Select(Named)];
    }

    /// <summary>The job with its data in another folder, to which the files were copied under their names.</summary>
    public static JobSpec Moved(JobSpec spec, string folder)
    {
        DataSpec data = spec.Data;
        bool isFile = data.Text is not null || File.Exists(Path.Combine(folder, Path.GetFileName(data.Source)));
        DataSpec moved = data with { Source = isFile ? Path.Combine(folder, Path.GetFileName(data.Source)) : folder };
        if (data.Text is { TestSource: { } test } text) moved = moved with { Text = text with { TestSource = Path.Combine(folder, TestNameOf(test)) } };
        return spec with { Data = moved };
    }

    private static NamedFile Named(string path) => new(Path.GetFileName(path), path);

    private static string TestNameOf(string path) => $"{TestFolder}/{Path.GetFileName(path)}";
}

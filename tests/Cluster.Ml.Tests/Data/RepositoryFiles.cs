namespace Cluster.Ml.Tests.Data;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Path(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = System.IO.Path.Combine([folder.FullName, .. parts]);
            if (File.Exists(path)) return path;
        }
        throw new FileNotFoundException($"{string.Join('/', parts)} in no folder above {AppContext.BaseDirectory}.");
    }

    public static string Example(string name) => Path("deploy", "jobs", "data", name);

    public static string Golden(string name) => Path("tests", "golden", name);
}

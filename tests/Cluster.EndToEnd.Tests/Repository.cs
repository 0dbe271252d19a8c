namespace Cluster.EndToEnd.Tests;

/// <summary>Finds the project's own files, and the larger data sets that may lie beside it.</summary>
internal static class Repository
{
    /// <summary>The folder of Cluster.sln.</summary>
    public static readonly string Root = FindUpwards(folder => File.Exists(Path.Combine(folder, "Cluster.sln")))
        ?? throw new InvalidOperationException("Wanted Cluster.sln above the test's folder, found none.");

    /// <summary>Full MNIST and the like, or null if they are absent.</summary>
    public static readonly string? SharedData = FindUpwards(folder => Directory.Exists(Path.Combine(folder, "shared", "data"))) is { } folder
        ? Path.Combine(folder, "shared", "data")
        : null;

    public static string Job(string name) => Path.Combine(Root, "deploy", "jobs", name + ".yaml");

    /// <summary>A data set that is shipped.</summary>
    public static string Data(string name) => Path.Combine(Root, "deploy", "jobs", "data", name);

    private static string? FindUpwards(Func<string, bool> matches)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (matches(folder.FullName)) return folder.FullName;
        return null;
    }
}

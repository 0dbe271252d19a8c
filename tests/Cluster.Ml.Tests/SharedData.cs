namespace Cluster.Ml.Tests;

/// <summary>Finds data that stands beside the repository, not in it.</summary>
internal static class SharedData
{
    /// <summary>The path under a folder named shared in some parent of the tests' folder, or null.</summary>
    public static string? Find(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine([folder.FullName, "shared", .. parts]);
            if (File.Exists(path) || Directory.Exists(path)) return path;
        }
        return null;
    }
}

using Cluster.Ml.Data;

namespace Cluster.Coordinator.Bench;

/// <summary>Finds the data sets that are too large to be shipped.</summary>
internal static class SharedData
{
    /// <summary>The folder that was named, or shared/data beside this folder or one above it.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string Folder(BenchSettings settings)
    {
        if (settings.DataFolder is { } named)
            return Directory.Exists(named) ? Path.GetFullPath(named) : throw Missing(named);
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }
        throw Missing("shared/data");
    }

    private static BadInputException Missing(string folder) => new(
        folder, null, null, "a folder with the data sets (mnist, cifar10, text)", "no such folder here or above", "name one with --data FOLDER");
}

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
            return File.Exists(named) ? Path.GetDirectoryName(Path.GetFullPath(named))! : Directory.Exists(named) ? Path.GetFullPath(named) : throw Missing(named);
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }
        throw Missing("shared/data");
    }

    /// <summary>Where a task's own data lies: below the folder of all data sets, or the folder is the data set, as other verbs take it.</summary>
    /// <param name="source">Of the task's job, below the folder of all.</param>
    /// <param name="folder">What was named.</param>
    /// <exception cref="BadInputException">It is neither.</exception>
    public static string Find(string source, string folder)
    {
        string beside = Path.Combine(folder, Path.GetFileName(source));
        return Path.Exists(source) ? source
            : File.Exists(beside) ? beside
            : Path.GetExtension(source).Length == 0 && Directory.EnumerateFiles(folder).Any() ? folder
            : throw new BadInputException(folder, null, null, $"a folder with {Path.GetRelativePath(folder, source)}, or that data set itself", "neither", "name one with --data");
    }

    private static BadInputException Missing(string folder) => new(
        folder, null, null, "a folder with the data sets (mnist, cifar10, text)", "no such folder here or above", "name one with --data FOLDER");
}

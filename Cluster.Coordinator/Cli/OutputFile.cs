using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli;

/// <summary>A file that a verb is to write.</summary>
internal static class OutputFile
{
    /// <summary>Looks at it before any work is done.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flag">What names it.</param>
    /// <param name="read">What the verb reads, which it must not write over.</param>
    /// <exception cref="BadInputException">It is a folder, or one of the files that are read.</exception>
    public static void Require(string path, string flag, params IEnumerable<string> read)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "a file to write", "a folder", $"name a file with {flag}");
        if (read.FirstOrDefault(input => SourceFiles.AreSame(path, input)) is { } same)
            throw new BadInputException(path, null, null, "a file to write", $"{same}, which is read", $"name another with {flag}");
    }
}

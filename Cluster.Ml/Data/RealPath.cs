namespace Cluster.Ml.Data;

/// <summary>Where a path leads when every link in it is followed, whether or not anything is there.</summary>
public static class RealPath
{
    private const int LinksMax = 40;        // as many as the system follows

    /// <summary>The path without links.</summary>
    /// <param name="path">A path.</param>
    /// <exception cref="IOException">Its links go round in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), at = Path.GetPathRoot(full)!;
        Stack<string> ahead = new();
        Push(ahead, full[at.Length..]);
        int links = 0;
        while (ahead.TryPop(out string? name))
        {
            if (name == "..") at = Path.GetDirectoryName(at) ?? at;
            else if (TargetOf(Path.Combine(at, name)) is not { } target) at = Path.Combine(at, name);
            else
            {
                if (++links > LinksMax) throw new IOException($"{path}: wanted at most {LinksMax} links on the way, got more");
                if (Path.IsPathRooted(target)) at = Path.GetPathRoot(target)!;
                Push(ahead, target);
            }
        }
        return at;
    }

    /// <summary>Whether a path lies below a folder, or is that folder. Both without links.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? TargetOf(string path) => FileStatus.Of(path).Kind == FileKind.Link ? new FileInfo(path).LinkTarget : null;

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (string name in path.Split(Path.DirectorySeparatorChar).Reverse())
            if (name is not ("" or ".")) ahead.Push(name);
    }
}

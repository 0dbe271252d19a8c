using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>Locks a folder against other processes, or gives the reason why it cannot.</summary>
internal static class RunLock
{
    private const string FileName = "run.lock";
    private const int Again = 11, LockedWindows = 32;       // EAGAIN, ERROR_SHARING_VIOLATION

    /// <summary>Makes the folder if need be, and holds it until what is returned is disposed.</summary>
    /// <exception cref="BadInputException">It cannot be made or written to, or another process uses it.</exception>
    /// <param name="folder">The folder.</param>
    /// <param name="flag">What names another.</param>
    public static FileStream Take(string folder, string flag = "--out") => TryTake(folder, flag) ?? throw new BadInputException(
        folder, null, null, "a folder that no other process uses", "one that is locked", $"wait for the other to end, or name another {flag}");

    /// <summary>As <see cref="Take"/>; null if another process uses it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="flag">What names another.</param>
    public static FileStream? TryTake(string folder, string flag = "--out")
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
            return PrivateFiles.Hold(Path.Combine(folder, FileName));
        }
        catch (IOException held) when (IsHeld(held))
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(folder, null, null, "a folder that can be written to", WhyNot(folder, error), $"name another {flag}", error);
        }
    }

    /// <summary>Whether another process holds the folder now.</summary>
    public static bool IsTaken(string folder)
    {
        try
        {
            string path = Path.Combine(folder, FileName);
            if (!File.Exists(path)) return false;
            using FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException held)
        {
            return IsHeld(held);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is Again or LockedWindows;

    private static string WhyNot(string folder, Exception error)
    {
        for (string? path = folder; path is not null; path = Path.GetDirectoryName(path))
            if (File.Exists(path)) return path == folder ? "a file" : $"one below {path}, which is a file";
        string reason = error.InnerException?.Message ?? error.Message, near = Nearest(folder);
        return IsReadOnly(error.Message) || IsReadOnly(reason) ? "one on a read-only file system"
            : error is UnauthorizedAccessException ? $"permission denied in {near}"
            : error is FileNotFoundException or DirectoryNotFoundException ? $"none, as {near} takes no new folder"
            : Checkpoints.StorageException.IsDiskFull(error) ? "a full disk"
            : $"'{reason.TrimEnd('.')}'";
    }

    /// <summary>The folder that is there, of this one and those around it.</summary>
    private static string Nearest(string folder)
    {
        string? path = folder;
        while (path is not null && !Directory.Exists(path)) path = Path.GetDirectoryName(path);
        return path ?? folder;
    }

    private static bool IsReadOnly(string reason) => reason.Contains("read-only", StringComparison.OrdinalIgnoreCase);
}

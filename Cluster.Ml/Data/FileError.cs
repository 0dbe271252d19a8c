using System.Text.RegularExpressions;

namespace Cluster.Ml.Data;

/// <summary>What the system says of a file that it refused, in the words of a message: which file, what it is, and what to do.</summary>
/// <param name="Place">The file or folder.</param>
/// <param name="Wanted">What it was to be.</param>
/// <param name="Got">What it is.</param>
/// <param name="Advice">What to do about it.</param>
public sealed partial record FileError(string Place, string Wanted, string Got, string Advice)
{
    private const string PartSuffix = ".part";
    private const int NoSpaceLeft = 28, QuotaExceeded = 122, WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <inheritdoc/>
    public override string ToString() => VisibleText.InLine($"{Place}: wanted {Wanted}, got {Got}; {Advice}.");

    /// <summary>Of an exception of the file system; null if it does not name the file.</summary>
    /// <param name="error">The exception.</param>
    public static FileError? Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string? path = (error as FileNotFoundException)?.FileName ?? (QuotedPath().Match(error.Message) is { Success: true } named ? named.Groups[1].Value : null);
        if (path is null || !Path.IsPathRooted(path)) return null;
        if (!path.EndsWith(PartSuffix, StringComparison.Ordinal)) return Of(error, path);
        // A file is written under another name first.
        string whole = path[..^PartSuffix.Length];
        return error is FileNotFoundException ? new FileError(whole, "a place that takes new files", "one that does not", "name another place") : Of(error, whole);
    }

    /// <summary>Of an exception of the file system about a file that is known.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="path">The file.</param>
    public static FileError Of(Exception error, string path)
    {
        ArgumentNullException.ThrowIfNull(error);
        string reason = $"{error.Message} {error.InnerException?.Message}";
        if (IsDiskFull(error)) return new FileError(path, "room to write to it", "a full disk", "free some room there, or name another place");
        if (Says("read-only file system")) return new FileError(path, "a place that can be written to", "a read-only file system", "name another place");
        if (IsOpenFolder(path)) return new FileError(path, "a file", "a folder", "name a file");
        if (error is UnauthorizedAccessException) return new FileError(path, "to use it", "no permission to", "change who may use it, or name another");
        if (error is DirectoryNotFoundException) return new FileError(path, "a place that is there", "no such folder", "make its folder, or name another");
        if (error is FileNotFoundException) return new FileError(path, "a file", "none of this name", "look at the name, and whether it can still be opened");
        if (File.Exists(path) && Says("already exists")) return new FileError(path, "a folder, or a name that is free", "a file", "name another, or remove it");
        if (Says("Not a directory")) return new FileError(path, "a path of folders", "one through a file", "name another place");
        return new FileError(path, "to use it", $"'{error.Message.TrimEnd('.')}'", "look at the place and who may use it, or name another");

        bool Says(string text) => reason.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether an exception of the file system is that of a disk, or a quota, without room.</summary>
    /// <param name="error">The exception.</param>
    public static bool IsDiskFull(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error is IOException && (error.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull
            || error.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A folder that is closed to this user is refused for that, not for being one.</summary>
    private static bool IsOpenFolder(string path)
    {
        try
        {
            return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).FirstOrDefault() is not "";
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex("'(.+)'", RegexOptions.Singleline)]
    private static partial Regex QuotedPath();
}

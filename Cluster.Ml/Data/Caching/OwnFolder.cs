using System.Globalization;

namespace Cluster.Ml.Data.Caching;

/// <summary>
/// The folder of one user's data within a cache folder that others may share: made, marked and owned by that user, closed to all others.
/// Nothing beside it is looked at, and of what is in it nothing is believed that another user owns.
/// </summary>
/// <remarks>
/// Range     a name that somebody else has taken, or that holds things without the mark, is passed over for the next one, so that nobody
///           can keep another user from a cache
/// Source    bford.info/cachedir: the mark, by which programs that make backups know that it need not be kept
/// </remarks>
public static class OwnFolder
{
    private const int NamesMax = 16;
    private const string MarkName = "CACHEDIR.TAG";

    private static readonly byte[] s_mark =
        [.. "Signature: 8a477f597d28d172789f06886806bc55\n# Made by Cluster: row caches and copies of data sources. All of it can be had again.\n"u8];

    /// <summary>The user's folder below another, which is made if there is none.</summary>
    /// <param name="folder">The cache folder.</param>
    /// <exception cref="IOException">None can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache folder may not be written to.</exception>
    public static string Open(string folder) => Open(folder, FileStatus.CurrentUser);

    /// <summary>The folder of this user.</summary>
    internal static string Open(string folder, uint user)
    {
        string parent = Path.GetFullPath(folder);
        PrivateFiles.CreateFolder(parent);
        for (int number = 1; number <= NamesMax; number++)
        {
            string path = Path.Combine(parent, NameOf(user, number));
            if (TryOpen(path, user)) return path;
        }
        throw new IOException($"{parent}: wanted a folder {NameOf(user, 1)} that is this user's own, got {NamesMax} of such names that are not");
    }

    /// <summary>A file of the folder, to be read; null, with what is wrong, if it is no file of this user.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="options">How it will be read.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStream? OpenFile(string path, out string error, FileOptions options = FileOptions.None)
    {
        error = ErrorOf(FileStatus.Of(path));
        if (error.Length > 0) return null;
        FileStream file = RegularFile.OpenOwn(path, options);
        if (OperatingSystem.IsLinux()) error = ErrorOf(FileStatus.Of(file.SafeFileHandle));      // what is open, whatever the name stands for by now
        if (error.Length == 0) return file;
        file.Dispose();
        return null;
    }

    private static string NameOf(uint user, int number) => number == 1
        ? string.Create(CultureInfo.InvariantCulture, $"cluster-data-{user}")
        : string.Create(CultureInfo.InvariantCulture, $"cluster-data-{user}-{number}");

    private static string ErrorOf(FileStatus status) =>
        status.Kind != FileKind.Regular ? $"wanted a file, got {NotRegularFileException.NameOf(status.Kind)}"
        : status.Owner != FileStatus.CurrentUser ? string.Create(CultureInfo.InvariantCulture, $"wanted a file of user {FileStatus.CurrentUser}, got one of user {status.Owner}")
        : "";

    private static bool TryOpen(string path, uint user)
    {
        if (FileStatus.Of(path).Kind == FileKind.None) PrivateFiles.CreateFolder(path);
        FileStatus status = FileStatus.Of(path);
        if (status.Kind != FileKind.Folder || status.Owner != user) return false;
        if ((status.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0) return false;     // what is in it may be anybody's
        if (!IsMarked(path)) return false;
        if (!OperatingSystem.IsWindows() && (status.Mode & PrivateFiles.Others) != 0) File.SetUnixFileMode(path, PrivateFiles.FolderMode);
        return true;
    }

    /// <summary>Whether this program made the folder; an empty one is taken, and marked.</summary>
    private static bool IsMarked(string path)
    {
        string mark = Path.Combine(path, MarkName);
        if (FileStatus.Of(mark).Kind == FileKind.Regular) return true;
        if (Directory.EnumerateFileSystemEntries(path).Any()) return false;
        try
        {
            using FileStream file = PrivateFiles.Create(mark);
            file.Write(s_mark);
        }
        catch (IOException) when (File.Exists(mark))
        {
            // another process of this user was quicker
        }
        return true;
    }
}

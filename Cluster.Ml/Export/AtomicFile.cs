using System.Runtime.InteropServices;
using System.Text;

namespace Cluster.Ml.Export;

/// <summary>Writes a file so that, whenever the process or the machine dies, the path holds the old content or the new, never a part.</summary>
/// <remarks>
/// Steps     write beside the path, flush to the disk, rename over the path, flush the folder
/// Range     a leftover of an earlier death is removed first, and what somebody put in its place, a link perhaps, is not written through; without
///           <see cref="Commit"/> the path is untouched and the leftover removed; nobody but its owner may read the file
/// </remarks>
internal sealed class AtomicFile : IDisposable
{
    /// <summary>Ending of the file that is written first.</summary>
    public const string PartSuffix = ".part";

    private const int BufferBytes = 1 << 16, ReadOnly = 0;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path, _part;
    private bool _committed;

    private AtomicFile(string path, string part, Stream content) => (_path, _part, Content) = (path, part, content);

    /// <summary>What is to be the file's content.</summary>
    public Stream Content { get; }

    /// <summary>Replaces a file's content; makes its folder if there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using AtomicFile file = Begin(path);
        write(file.Content);
        file.Commit();
    }

    /// <summary>Opens what will replace a file.</summary>
    /// <param name="path">The file; its folder is made if there is none.</param>
    /// <param name="part">Where the content is written first; null for the path with <see cref="PartSuffix"/>.</param>
    /// <param name="create">Opens that; null for <see cref="Create"/>.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static AtomicFile Begin(string path, string? part = null, Func<string, Stream>? create = null)
    {
        string full = Path.GetFullPath(path);
        part ??= full + PartSuffix;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.Delete(part);
        return new AtomicFile(full, part, (create ?? Create)(part));
    }

    /// <summary>Makes a file that is not there yet, for its owner alone.</summary>
    /// <param name="path">The file.</param>
    public static Stream Create(string path)
    {
        FileStreamOptions created = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferBytes };
        if (!OperatingSystem.IsWindows()) created.UnixCreateMode = OwnerOnly;
        return new FileStream(path, created);
    }

    /// <summary>Gives a file that is on the disk the place of another, for good.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">The path that it takes, in the same file system.</param>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public static void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>The content is whole: forces it to the disk, and gives it its place.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public void Commit()
    {
        if (Content is FileStream file) file.Flush(flushToDisk: true);
        else Content.Flush();
        Content.Dispose();
        Move(_part, _path);
        _committed = true;
    }

    /// <summary>Closes the content; removes it if it was not committed.</summary>
    public void Dispose()
    {
        Content.Dispose();
        if (_committed) return;
        try
        {
            File.Delete(_part);
        }
        catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
        {
            return;     // the next write removes it; the failure that led here is the one to tell
        }
    }

    /// <summary>Makes a rename last. Windows has no such call: there NTFS journals renames itself.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = NativeOpen(Encoding.UTF8.GetBytes(folder + "\0"), ReadOnly);
        if (descriptor < 0) throw new IOException($"{folder}: wanted to open the directory, got error {Marshal.GetLastPInvokeError()}.");
        try
        {
            // Some file systems refuse to sync a directory (EINVAL); they offer nothing better.
            _ = NativeSync(descriptor);
        }
        finally
        {
            _ = NativeClose(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeClose(int descriptor);
}

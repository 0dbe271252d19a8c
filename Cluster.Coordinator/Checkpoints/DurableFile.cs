using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Cluster.Coordinator.Authority;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>Writes a file so that it is there whole or not at all, whenever the machine stops.</summary>
internal static class DurableFile
{
    /// <summary>What half-written files end in; one that is found at a start was left by a process that was killed.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int ReadOnly = 0;
    private static readonly ConcurrentDictionary<string, bool> s_open = [];
    private static int s_files;

    /// <summary>Whether this process is writing that half-written file at this moment.</summary>
    public static bool IsBeingWritten(string temporary) => s_open.ContainsKey(temporary);

    /// <summary>Opens a new file, replacing one that an earlier attempt left behind.</summary>
    public static Stream Create(string path) =>
        new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);

    /// <summary>Writes to a file beside PATH, forces it to the disk, renames it to PATH and forces the directory.</summary>
    /// <param name="path">Where; its directory is made where it is missing.</param>
    /// <param name="bytes">How many bytes are to come, for the message when there is no room.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="create">Opens the file; null for <see cref="Create"/>.</param>
    /// <exception cref="StorageException">It could not be written; what PATH held before is untouched.</exception>
    public static void Write(string path, long bytes, Action<Stream> write, Func<string, Stream>? create = null)
    {
        // The parameter server's last life may still be writing the same file: each write has a name of its own.
        string temporary = $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref s_files)}{TemporarySuffix}";
        s_open[temporary] = true;
        try
        {
            string folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            using (Stream file = (create ?? Create)(temporary))
            {
                write(file);
                if (file is FileStream real) real.Flush(flushToDisk: true);
                else file.Flush();
            }
            File.Move(temporary, path, overwrite: true);
            Flush(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Delete(temporary);
            throw StorageException.ForWriting(path, bytes, failure);
        }
        catch (AuthorityLostException)
        {
            Delete(temporary);
            throw;
        }
        finally
        {
            s_open.TryRemove(temporary, out _);
        }
    }

    /// <summary>The half-written file takes room that the next attempt needs.</summary>
    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Makes the rename last. Windows has no such call: there NTFS journals renames itself.</summary>
    private static void Flush(string folder)
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

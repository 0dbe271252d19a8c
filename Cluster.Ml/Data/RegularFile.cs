using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cluster.Ml.Data;

/// <summary>Opens files to read, and nothing else: a pipe would block who opens it until somebody writes, and a device has no end.</summary>
/// <remarks>
/// Steps     take hold of what the name stands for without opening it (O_PATH), look at what that is, open that very thing
/// Range     whatever happens to the name meanwhile, nothing but a regular file is opened; links are followed. Linux; elsewhere the name is
///           looked at before it is opened
/// </remarks>
public static partial class RegularFile
{
    private const int HoldOnly = 0x200000, NotInherited = 0x80000;      // O_PATH, O_CLOEXEC: the same on every processor

    /// <summary>Opens a file to read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it will be read.</param>
    /// <exception cref="NotRegularFileException">It is a folder, a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or not for a job: <see cref="DataRoots"/>.</exception>
    public static FileStream Open(string path, FileOptions options = FileOptions.None) => Open(path, options, forJobs: true);

    /// <summary>Opens a file that no job names, to read it: one of the node's own.</summary>
    internal static FileStream OpenOwn(string path, FileOptions options) => Open(path, options, forJobs: false);

    private static FileStream Open(string path, FileOptions options, bool forJobs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OperatingSystem.IsLinux())
        {
            if (forJobs) DataRoots.RequireNow(path, () => RealPath.Of(path));
            Require(FileStatus.Of(Path.GetFullPath(path)).Kind, path);
            return OpenNamed(path, options);
        }
        using SafeFileHandle held = new(Hold(Path.GetFullPath(path), HoldOnly | NotInherited), ownsHandle: true);
        if (held.IsInvalid)
        {
            if (forJobs) DataRoots.RequireNow(path, () => RealPath.Of(path));      // that nothing is there is nobody's business either
            throw ErrorOf(path);
        }
        string name = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{held.DangerousGetHandle()}");
        if (forJobs) DataRoots.RequireNow(path, () => new FileInfo(name).LinkTarget ?? "");
        Require(FileStatus.Of(held).Kind, path);
        return OpenHeld(name, path, options);
    }

    /// <summary>The whole file.</summary>
    /// <inheritdoc cref="Open(string, FileOptions)"/>
    public static byte[] ReadAllBytes(string path)
    {
        using FileStream file = Open(path);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static FileStream OpenHeld(string name, string path, FileOptions options)
    {
        try
        {
            return OpenNamed(name, options);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(e.Message.Replace(name, path, StringComparison.Ordinal), e);
        }
        catch (IOException e)
        {
            throw new IOException(e.Message.Replace(name, path, StringComparison.Ordinal), e);
        }
    }

    private static FileStream OpenNamed(string path, FileOptions options) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, options);

    private static void Require(FileKind kind, string path)
    {
        if (kind is not (FileKind.Regular or FileKind.Link)) throw new NotRegularFileException(path, kind);
    }

    /// <summary>What keeps a name from being held, in the runtime's own words.</summary>
    private static Exception ErrorOf(string path)
    {
        int reason = Marshal.GetLastPInvokeError();
        try
        {
            File.GetAttributes(path);
            return new IOException($"{Marshal.GetPInvokeErrorMessage(reason)} : '{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Hold(string path, int flags);
}

using System.Runtime.InteropServices;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli;

/// <summary>Who writes to a pipe that is given as data, and refused.</summary>
internal static class WaitingWriter
{
    private const int OpenAtOnce = 0x80800;      // O_RDONLY, O_NONBLOCK, O_CLOEXEC

    /// <summary>A writer waits for a reader, and with it the script that started both: opening and closing the pipe tells it that none comes.</summary>
    public static void LetGo(string path)
    {
        if (!OperatingSystem.IsLinux() || FileStatus.Of(Path.GetFullPath(path)).Kind != FileKind.Pipe) return;
        int pipe = Open(path, OpenAtOnce);
        if (pipe >= 0) _ = Close(pipe);
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}

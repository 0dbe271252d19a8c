using System.Runtime.InteropServices;

namespace Cluster.Ml.Data;

/// <summary>What a process leaves out of the modes of the files and folders that it makes.</summary>
public static partial class FileMask
{
    /// <summary>
    /// Closes all that this process, and those that it starts, make from now on to other users: files 0600, folders 0700, whatever makes them,
    /// databases and logs too. For the first line of a program.
    /// </summary>
    public static void CloseToOthers()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask((uint)PrivateFiles.Others);
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint Umask(uint mask);
}

using System.Runtime.InteropServices;

namespace Cluster.Coordinator.Cli;

/// <summary>Ends this process at once, without waiting for its threads. Files are written so that they survive it.</summary>
internal static class ProcessEnd
{
    /// <summary>Does not return.</summary>
    /// <param name="code">What the process ends with.</param>
    public static void Now(int code)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsWindows()) Environment.Exit(code);
        else End(code);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void End(int code);
}

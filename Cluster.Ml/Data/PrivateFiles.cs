namespace Cluster.Ml.Data;

/// <summary>Makes files and folders that no other user of the machine may read or write.</summary>
public static class PrivateFiles
{
    /// <summary>What its owner alone may do with a file: 0600.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What its owner alone may do with a folder: 0700.</summary>
    public const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>All that users other than the owner may do.</summary>
    public const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a file that is not there yet: nothing that bears the name already is written to, be it a file or a link.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">What for.</param>
    /// <param name="bufferBytes">The stream's buffer.</param>
    /// <param name="options">How it will be used.</param>
    /// <exception cref="IOException">Something has this name, or the folder cannot be written to.</exception>
    public static FileStream Create(string path, FileAccess access = FileAccess.Write, int bufferBytes = 4096, FileOptions options = FileOptions.None) =>
        Open(path, System.IO.FileMode.CreateNew, access, bufferBytes, options);

    /// <summary>Opens a file for this process alone, as <see cref="System.IO.FileMode.OpenOrCreate"/> does.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">Another process holds it, or the folder cannot be written to.</exception>
    public static FileStream Hold(string path) => Open(path, System.IO.FileMode.OpenOrCreate, FileAccess.ReadWrite, 0, FileOptions.None);

    /// <summary>Makes a folder, and those above it if there are none.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, FolderMode);
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, int bufferBytes, FileOptions options)
    {
        FileStreamOptions how = new() { Mode = mode, Access = access, Share = FileShare.None, BufferSize = bufferBytes, Options = options };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = FileMode;
        return new FileStream(path, how);
    }
}

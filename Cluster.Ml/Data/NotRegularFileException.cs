namespace Cluster.Ml.Data;

/// <summary>A file was wanted, and the name stands for something else.</summary>
/// <param name="path">The name.</param>
/// <param name="kind">What it stands for.</param>
public sealed class NotRegularFileException(string path, FileKind kind) : IOException($"{path}: wanted a file, got {NameOf(kind)}.")
{
    /// <summary>What the name stands for.</summary>
    public FileKind Kind { get; } = kind;

    /// <summary>The kind as a person says it.</summary>
    public static string NameOf(FileKind kind) => kind switch
    {
        FileKind.Regular => "a file",
        FileKind.Folder => "a folder",
        FileKind.Link => "a link",
        FileKind.Pipe => "a pipe",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        _ => "nothing of this name",
    };
}

namespace Cluster.Ml.Data;

/// <summary>What a name in the file system stands for.</summary>
public enum FileKind
{
    /// <summary>Nothing has this name, or the folders before it may not be entered.</summary>
    None,

    /// <summary>A file whose bytes can be read again.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A pipe: it may block who reads it for ever, and gives its bytes once.</summary>
    Pipe,

    /// <summary>A device; a terminal is one.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,
}

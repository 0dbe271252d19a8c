namespace Cluster.Messages.DataPlane;

/// <summary>Where a node's data plane listens: a host and a port, or the path of a socket for processes of the same host.</summary>
/// <param name="Host">The host; empty for a path.</param>
/// <param name="Port">The port; 0 for a free one.</param>
/// <param name="Path">The socket's path; empty for a host.</param>
public readonly record struct DataEndPoint(string Host, int Port, string Path)
{
    /// <summary>Bytes of a socket's path that the system takes.</summary>
    public const int PathBytesMax = 107;

    /// <summary>Whether only processes of this host reach it.</summary>
    public bool IsOfHost => Path.Length > 0;

    /// <summary>A host and a port.</summary>
    public static DataEndPoint Tcp(string host, int port) => new(host, port, "");

    /// <summary>A socket in a folder that only its owner should be able to enter.</summary>
    public static DataEndPoint Unix(string path) => new("", 0, path);

    /// <inheritdoc/>
    public override string ToString() => IsOfHost ? Path : $"{Host}:{Port}";
}

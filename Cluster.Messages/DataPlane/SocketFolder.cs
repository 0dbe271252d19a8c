using System.Net.Sockets;
using System.Text;

namespace Cluster.Messages.DataPlane;

/// <summary>
/// The folder of a node's Unix socket. No other user can enter it: a caller is this user, or the system's administrator.
/// </summary>
internal static class SocketFolder
{
    private const string Prefix = "cluster-sockets-", SocketName = "data";

    /// <summary>Makes a folder, and names a socket in it; null if this system has none: nodes then reach each other by TCP.</summary>
    public static string? NewPath()
    {
        if (OperatingSystem.IsWindows() || !Socket.OSSupportsUnixDomainSockets) return null;
        try
        {
            RemoveLeft();
            string path = Path.Combine(Directory.CreateTempSubdirectory(Prefix).FullName, SocketName);
            if (Encoding.UTF8.GetByteCount(path) <= DataEndPoint.PathBytesMax) return path;
            Remove(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // TCP serves, too.
        }
        return null;
    }

    /// <summary>Removes the folder with its socket.</summary>
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another node that begins has removed it, or will.
        }
    }

    // A node that was killed leaves its socket behind, which refuses connections.
    private static void RemoveLeft()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            string path = Path.Combine(folder, SocketName);
            if (File.Exists(path) && IsRefused(path)) Remove(path);
        }
    }

    private static bool IsRefused(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}

using System.Text;

namespace Cluster.Messages.DataPlane;

/// <summary>How another node's data plane is reached.</summary>
/// <param name="Peer">The node.</param>
/// <param name="EndPoint">Where it listens.</param>
public readonly record struct DataRoute(DataPeer Peer, DataEndPoint EndPoint)
{
    /// <summary>The route that a node has described: by its Unix socket if that file is here, which means one host; else by TCP. Null if it has described none.</summary>
    public static DataRoute? Of(DataPlaneDescribed described)
    {
        ArgumentNullException.ThrowIfNull(described);
        DataPeer peer = new(described.Name, described.Host);
        if (!IsWithin(described.Name, DataPlaneLimits.NameBytesMax) || !IsWithin(described.Host, DataPlaneLimits.HostBytesMax)) return null;
        if (IsWithin(described.Path, DataEndPoint.PathBytesMax) && File.Exists(described.Path)) return new DataRoute(peer, DataEndPoint.Unix(described.Path));
        return described.Port is >= 1 and <= 65535 ? new DataRoute(peer, DataEndPoint.Tcp(described.Host, described.Port)) : null;
    }

    private static bool IsWithin(string text, int bytesMax) => text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= bytesMax;
}

using System.Net;
using System.Net.Sockets;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Node;

/// <summary>Looks at a node's address before the engine does, which would only log that it cannot be used.</summary>
internal static class NodeSecurity
{
    /// <exception cref="BadNodeOptionsException">Other machines could reach the node, and nothing would keep strangers out.</exception>
    /// <exception cref="IOException">The host is unknown or not this machine's, or the port is taken.</exception>
    public static void RequireOwn(NodeAddress address, NodeTrust? trust)
    {
        try
        {
            IPAddress ip = IPAddress.TryParse(address.Host, out IPAddress? known) ? known : Dns.GetHostAddresses(address.Host, AddressFamily.InterNetwork)[0];
            if (trust is null && !IPAddress.IsLoopback(ip))
                throw new BadNodeOptionsException([$"Address: wanted a shared key or certificates where other machines reach the node, got neither for {address}; give one, or listen on 127.0.0.1"]);
            using TcpListener listener = new(ip, address.Port);
            listener.Start();
        }
        catch (SocketException failure)
        {
            throw new IOException($"Address: wanted one to listen at, got {address}: {failure.Message}", failure);
        }
    }
}

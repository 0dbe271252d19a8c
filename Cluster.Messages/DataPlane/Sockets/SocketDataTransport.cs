using System.Net.Sockets;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>The data plane over TCP, with mutual TLS if there is a trust, and over Unix sockets, which the file system guards.</summary>
internal sealed class SocketDataTransport(NodeTrust? trust, DataPlaneOptions options, TimeProvider time) : IDataTransport
{
    private readonly Lock _gate = new();
    private readonly List<SocketListener> _listeners = [];
    private readonly HashSet<SocketLink> _outbound = [];
    private readonly InboundLinks _inbound = new(options.StrangersMax);
    private bool _isDisposed;

    public DataEndPoint Listen(DataEndPoint at, IDataHost host)
    {
        SocketListener listener = new(at, trust, socket => Accept(socket, at, host));
        lock (_gate) _listeners.Add(listener);
        listener.Start();
        return listener.EndPoint;
    }

    public void Connect(DataEndPoint to, DataPeer peer, DataOutbox outbox, IDataHost host)
    {
        OutboundLink link = new(NewSocket(to), to, peer, outbox, host, trust, options, time, Remove);
        lock (_gate) _outbound.Add(link);
        if (_isDisposed) link.End("this node has ended");
        link.Start($"data to {peer}");
    }

    public async ValueTask DisposeAsync()
    {
        SocketLink[] links;
        lock (_gate)
        {
            _isDisposed = true;
            foreach (SocketListener listener in _listeners) listener.Dispose();
            links = [.. _outbound, .. _inbound.All()];
        }
        foreach (SocketLink link in links) link.End("this node has ended");
        await Task.WhenAll(links.Select(link => link.Over));
    }

    internal static Socket NewSocket(DataEndPoint at) => at.IsOfHost
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private void Accept(Socket socket, DataEndPoint at, IDataHost host)
    {
        InboundLink link;
        lock (_gate)
        {
            if (_isDisposed || !_inbound.HasRoom)
            {
                socket.Dispose();
                return;
            }
            if (!at.IsOfHost) socket.NoDelay = true;
            link = new InboundLink(socket, at, host, trust, options, time, _inbound);
            _inbound.Add(link);
        }
        link.Start($"data at {at}");
    }

    private void Remove(SocketLink link)
    {
        lock (_gate) _outbound.Remove(link);
    }
}

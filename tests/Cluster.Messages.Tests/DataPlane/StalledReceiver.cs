using System.Net;
using System.Net.Sockets;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>A node that says that it has a place, and then reads nothing.</summary>
internal sealed class StalledReceiver : IDisposable
{
    public static readonly DataPeer Peer = new("stalled#1", "127.0.0.1");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lazy<Socket> _accepted;

    public StalledReceiver()
    {
        _listener.Start();
        _accepted = new Lazy<Socket>(() =>
        {
            Socket socket = _listener.AcceptSocket();
            socket.Send(RawPeer.Introduction(Peer.Name));
            return socket;
        });
    }

    public DataEndPoint EndPoint => DataEndPoint.Tcp("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public void Grant(VectorKey key, int bytes) => _accepted.Value.Send(RawPeer.Frame(new FrameHeader(FrameKind.Credit, key, 0, bytes, 0), []));

    /// <summary>The first frame behind the sender's introduction.</summary>
    public FrameHeader ReadHeader()
    {
        byte[] bytes = new byte[RawPeer.Introduction(DataPair.Sender.Name).Length + FrameHeader.Bytes];
        for (int read = 0; read < bytes.Length;) read += _accepted.Value.Receive(bytes.AsSpan(read)) is not 0 and var got ? got : throw new EndOfStreamException();
        return FrameHeader.Read(bytes.AsSpan()[^FrameHeader.Bytes..]);
    }

    public void Dispose()
    {
        _listener.Dispose();
        if (_accepted.IsValueCreated) _accepted.Value.Dispose();
    }
}

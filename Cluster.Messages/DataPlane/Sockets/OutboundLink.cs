using System.Net.Sockets;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>A connection that this node has opened: it writes what its outbox has, and reads credits.</summary>
internal sealed class OutboundLink : SocketLink
{
    private readonly Socket _socket;
    private readonly DataEndPoint _to;
    private readonly DataPeer _peer;
    private readonly DataOutbox _outbox;
    private readonly IDataHost _host;
    private readonly Action<SocketLink> _over;
    private bool _pulse;

    public OutboundLink(Socket socket, DataEndPoint to, DataPeer peer, DataOutbox outbox, IDataHost host, NodeTrust? trust, DataPlaneOptions options, TimeProvider time, Action<SocketLink> over)
        : base(socket, trust, options, time)
    {
        (_socket, _to, _peer, _outbox, _host, _over) = (socket, to, peer, outbox, host, over);
        outbox.Ready = mayWait => Offer(mayWait);
    }

    protected override void Introduce()
    {
        _socket.Connect(_to.IsOfHost ? new UnixDomainSocketEndPoint(_to.Path) : LoopbackRule.Resolve(_to, Trust));
        if (Trust is not null && !_to.IsOfHost) Channel.Secure(TrustedTls.Connect(Channel.Raw(), Trust, _peer.Host));
        Introduction.Write(Channel, _host.Self);
        DataPeer met = Introduction.Read(Channel);
        if (met.Name != _peer.Name) throw new BrokenFrameException($"wanted the node {_peer.Name} at {_to}, got {met.Name}");
    }

    protected override void OnHeader(in FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.Credit:
                _outbox.Grant(header.Key, header.Length);
                break;
            case FrameKind.Revoked:
                _outbox.Revoke(header.Key);
                break;
            case FrameKind.Pulse:
                break;
            default:
                throw new BrokenFrameException($"wanted credits from a receiver, got {header.Kind}");
        }
    }

    protected override bool TryWrite()
    {
        if (_outbox.TryTake(out FrameHeader header, out ReadOnlyMemory<byte> numbers))
        {
            try
            {
                WriteFrame(header with { Checksum = Crc32C.Of(numbers.Span) }, numbers);
            }
            finally
            {
                _outbox.Left();
            }
            return true;
        }
        if (!Interlocked.Exchange(ref _pulse, false)) return false;
        WriteFrame(FrameHeader.Pulse, default);
        return true;
    }

    // Whoever offers to write has said that it may wait.
    protected override bool CanWriteAtOnce => true;

    protected override void OnQuiet() => Volatile.Write(ref _pulse, true);

    protected override void OnOver(string reason)
    {
        _over(this);
        _host.OnEnded(_peer.Name, _outbox, reason);
    }
}

using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>A connection that another node has opened: it reads numbers into their places, and writes credits.</summary>
internal sealed class InboundLink : SocketLink
{
    private const int CreditsMax = 4 * DataPlaneLimits.PlacesMax;
    private readonly ConcurrentQueue<FrameHeader> _credits = new();
    private readonly Action<FrameHeader> _tell;
    private readonly DataEndPoint _at;
    private readonly IDataHost _host;
    private readonly InboundLinks _links;
    private byte[] _aside = [];
    private DataInbox? _inbox;

    public InboundLink(Socket socket, DataEndPoint at, IDataHost host, NodeTrust? trust, DataPlaneOptions options, TimeProvider time, InboundLinks links)
        : base(socket, trust, options, time) => (_at, _host, _links, _tell) = (at, host, links, Tell);

    protected override void Introduce()
    {
        X509Certificate2? shown = null;
        if (Trust is not null && !_at.IsOfHost)
        {
            SslStream tls = TrustedTls.Accept(Channel.Raw(), Trust);
            Channel.Secure(tls);
            shown = tls.RemoteCertificate as X509Certificate2;
        }
        DataPeer peer = Introduction.Read(Channel);
        if (shown is not null && Trust!.FindError(shown, host: peer.Host) is { } failure) throw new BrokenFrameException(failure);
        Introduction.Write(Channel, _host.Self);
        // An earlier connection of the same node may still be writing into its places.
        _links.Replace(peer.Name, this);
        _inbox = _host.Attach(peer, _tell);
    }

    protected override void OnHeader(in FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.Numbers:
                Receive(header);
                break;
            case FrameKind.Pulse:
                Tell(FrameHeader.Pulse);
                break;
            default:
                throw new BrokenFrameException($"wanted numbers from a sender, got {header.Kind}");
        }
    }

    protected override bool TryWrite()
    {
        if (!_credits.TryDequeue(out FrameHeader header)) return false;
        WriteFrame(header, default);
        return true;
    }

    // A credit is small: a writable socket has room for it, so that the write does not block.
    protected override bool CanWriteAtOnce => Channel.IsWritable;

    // It answers pulses, and so need not send any.
    protected override void OnQuiet()
    {
    }

    protected override void OnOver(string reason)
    {
        _inbox?.Detach(_tell);
        _links.Remove(_inbox?.Peer.Name, this);
        _host.OnEnded(_inbox?.Peer.Name ?? $"somebody at {_at}", null, reason);
    }

    private void Receive(in FrameHeader header)
    {
        Place? place = _inbox!.Take(header, out bool isPartly);
        Memory<byte> numbers = place is null || isPartly ? Aside(header.Length) : place.Memory.Slice(header.Offset, header.Length);
        bool isSound = false;
        try
        {
            ReadNumbers(numbers);
            isSound = place is null || Crc32C.Of(numbers.Span) == header.Checksum;
        }
        finally
        {
            if (!isSound && place is not null) _inbox.Abort(place);
        }
        if (!isSound) throw new BrokenFrameException($"the numbers of {header.Key} at {header.Offset} do not have their checksum");
        if (place is null) return;
        if (isPartly) place.CopyMissing(header.Offset, numbers.Span);
        _inbox.Commit(place, header);
    }

    // Given up, or here already: read past, into one buffer for all.
    private Memory<byte> Aside(int length)
    {
        if (_aside.Length == 0) _aside = new byte[DataPlaneLimits.FrameBytesMax];
        return _aside.AsMemory(0, length);
    }

    private void Tell(FrameHeader header)
    {
        _credits.Enqueue(header);
        if (_credits.Count > CreditsMax) End("the other side does not read its credits");
        Offer(mayWrite: true);
    }
}

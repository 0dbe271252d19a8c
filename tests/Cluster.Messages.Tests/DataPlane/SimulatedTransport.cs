using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>A network without sockets and threads: what is under way is delivered one thing at a time, at random, when the test says so.</summary>
internal sealed class SimulatedTransport(Random random) : IDataTransport
{
    private readonly Dictionary<DataEndPoint, IDataHost> _hosts = [];
    private readonly List<Link> _links = [];

    public DataEndPoint Listen(DataEndPoint at, IDataHost host)
    {
        _hosts.Add(at, host);
        return at;
    }

    public void Connect(DataEndPoint to, DataPeer peer, DataOutbox outbox, IDataHost host) => _links.Add(new Link(outbox, host, _hosts[to]));

    /// <summary>Delivers until nothing is under way.</summary>
    public void Run()
    {
        while (_links.Where(link => !link.IsCut).ToArray() is { Length: > 0 } links && TryStep(links))
        {
        }
    }

    /// <summary>Tears every connection; both sides hear of it.</summary>
    public void Cut()
    {
        foreach (Link link in _links.Where(link => !link.IsCut)) link.Cut();
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private bool TryStep(Link[] links)
    {
        int first = random.Below(links.Length);
        for (int i = 0; i < links.Length; i++)
        {
            if (links[(first + i) % links.Length].TryStep(random)) return true;
        }
        return false;
    }

    private sealed class Link
    {
        private readonly Queue<FrameHeader> _credits = new();
        private readonly DataOutbox _outbox;
        private readonly IDataHost _from;
        private readonly IDataHost _to;
        private readonly DataInbox _inbox;
        private readonly Action<FrameHeader> _tell;

        public Link(DataOutbox outbox, IDataHost from, IDataHost to)
        {
            (_outbox, _from, _to, _tell) = (outbox, from, to, _credits.Enqueue);
            _inbox = to.Attach(from.Self, _tell);
        }

        public bool IsCut { get; private set; }

        public bool TryStep(Random random) => random.OneIn(2) ? TryCredit() || TryNumbers() : TryNumbers() || TryCredit();

        public void Cut()
        {
            IsCut = true;
            _inbox.Detach(_tell);
            _from.OnEnded(_to.Self.Name, _outbox, "cut");
            _to.OnEnded(_from.Self.Name, null, "cut");
        }

        private bool TryCredit()
        {
            if (!_credits.TryDequeue(out FrameHeader credit)) return false;
            if (credit.Kind == FrameKind.Credit) _outbox.Grant(credit.Key, credit.Length);
            else _outbox.Revoke(credit.Key);
            return true;
        }

        private bool TryNumbers()
        {
            if (!_outbox.TryTake(out FrameHeader header, out ReadOnlyMemory<byte> numbers)) return false;
            if (_inbox.Take(header, out bool isPartly) is { } place)
            {
                if (isPartly) place.CopyMissing(header.Offset, numbers.Span);
                else numbers.CopyTo(place.Memory[header.Offset..]);
                _inbox.Commit(place, header);
            }
            _outbox.Left();
            return true;
        }
    }
}

using Cluster.Messages.DataPlane.Sockets;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane;

/// <summary>
/// One node's data plane: blocks of numbers go from the memory of a vector on one node straight into its memory on another, beside the
/// messages of actors, which only name them. The receiver opens a place for a vector (<see cref="Expect"/>), which is the sender's credit;
/// the sender's parts (<see cref="SendAsync"/>) wait for it stream by stream. One connection a pair and direction.
/// </summary>
public sealed class DataPlaneNode : IDataHost, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DataInbox> _inboxes = [];
    private readonly Dictionary<string, DataOutbox> _outboxes = [];
    private readonly IDataTransport _transport;
    private readonly IDataEvents _events;
    private readonly DataPlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _expiry;

    internal DataPlaneNode(DataPeer self, IDataTransport transport, IDataEvents events, DataPlaneOptions options, TimeProvider time)
    {
        (Self, _transport, _events, _options, _time) = (self, transport, events, options, time);
        TimeSpan period = options.SendDeadline / 4;
        _expiry = time.CreateTimer(_ => Expire(), null, period, period);
    }

    /// <inheritdoc/>
    public DataPeer Self { get; }

    /// <summary>A node over sockets.</summary>
    /// <param name="self">The node's name and host.</param>
    /// <param name="trust">The trust; null for none, which allows connections within its machine only.</param>
    /// <param name="events">Who hears what comes.</param>
    /// <param name="options">Deadlines; null for the defaults.</param>
    /// <param name="time">The clock of deadlines; null for the system's.</param>
    public static DataPlaneNode OverSockets(DataPeer self, NodeTrust? trust, IDataEvents events, DataPlaneOptions? options = null, TimeProvider? time = null)
    {
        (options, time) = (options ?? new DataPlaneOptions(), time ?? TimeProvider.System);
        return new DataPlaneNode(self, new SocketDataTransport(trust, options, time), events, options, time);
    }

    /// <summary>Lets others connect; may be called for TCP and for a Unix socket.</summary>
    /// <returns>Where, with the port that was free.</returns>
    /// <exception cref="IOException">Nobody can listen there.</exception>
    /// <exception cref="InvalidOperationException">Other machines could connect, and there is no trust that would keep strangers out.</exception>
    public DataEndPoint Listen(DataEndPoint at) => _transport.Listen(at, this);

    /// <summary>Opens a place for a vector of a peer, connected or not: its memory, whose length is the vector's.</summary>
    /// <exception cref="ArgumentException">It is empty or too long, or there is such a place.</exception>
    public void Expect(DataPeer from, VectorKey key, Memory<byte> place)
    {
        lock (_gate) InboxOf(from).Expect(key, place);
    }

    /// <summary>Gives a place up; its memory is not written any more once the task is completed.</summary>
    public Task Forget(DataPeer from, VectorKey key)
    {
        lock (_gate) return InboxOf(from).Forget(key);
    }

    /// <summary>Sends a part of a vector, straight from its memory, once its receiver has a place for it.</summary>
    /// <param name="to">Where the receiver listens.</param>
    /// <param name="peer">Who it is.</param>
    /// <param name="key">Which vector.</param>
    /// <param name="vector">All of it; the receiver's place must be as long.</param>
    /// <param name="offset">Where the part begins: a multiple of <see cref="DataPlaneLimits.SliceBytes"/>.</param>
    /// <param name="length">How long it is: whole slices, but at the vector's end.</param>
    /// <param name="mayWait">
    /// Whether this thread may write what there is itself, and wait for the network while it does: a computing thread's megabyte leaves sooner so.
    /// Never an actor's, and never from within <see cref="IDataEvents"/>: two nodes that wait there for each other read nothing.
    /// </param>
    /// <returns>Completed when the part has been handed to the network and may change; failed with an <see cref="IOException"/> that says why it never will be.</returns>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public Task SendAsync(DataEndPoint to, DataPeer peer, VectorKey key, ReadOnlyMemory<byte> vector, int offset, int length, bool mayWait = false) =>
        OutboxOf(to, peer).Send(key, vector, offset, length, mayWait);

    /// <summary>Drops what has not left of a vector; its tasks fail.</summary>
    public void Abandon(DataPeer peer, VectorKey key)
    {
        DataOutbox? outbox;
        lock (_gate) _outboxes.TryGetValue(peer.Name, out outbox);
        outbox?.Abandon(key);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _expiry.DisposeAsync();
        await _transport.DisposeAsync();
    }

    DataInbox IDataHost.Attach(DataPeer peer, Action<FrameHeader> tell)
    {
        lock (_gate)
        {
            DataInbox inbox = InboxOf(peer);
            inbox.Attach(tell);
            return inbox;
        }
    }

    void IDataHost.OnEnded(string peer, DataOutbox? outbox, string reason)
    {
        lock (_gate)
        {
            if (outbox is null && _inboxes.TryGetValue(peer, out DataInbox? inbox) && inbox.IsIdle) _inboxes.Remove(peer);
            if (outbox is not null && _outboxes.TryGetValue(peer, out DataOutbox? current) && current == outbox) _outboxes.Remove(peer);
        }
        outbox?.End(reason);
        _events.OnEnded(peer, outbox is not null, reason);
    }

    private DataInbox InboxOf(DataPeer peer) => _inboxes.TryGetValue(peer.Name, out DataInbox? inbox) ? inbox : _inboxes[peer.Name] = new DataInbox(peer, _events);

    private DataOutbox OutboxOf(DataEndPoint to, DataPeer peer)
    {
        DataOutbox? outbox;
        lock (_gate)
        {
            if (_outboxes.TryGetValue(peer.Name, out outbox)) return outbox;
            _outboxes[peer.Name] = outbox = new DataOutbox(_time, _options.SendDeadline);
        }
        _transport.Connect(to, peer, outbox, this);
        return outbox;
    }

    private void Expire()
    {
        DataOutbox[] outboxes;
        lock (_gate) outboxes = [.. _outboxes.Values];
        foreach (DataOutbox outbox in outboxes) outbox.Expire();
    }
}

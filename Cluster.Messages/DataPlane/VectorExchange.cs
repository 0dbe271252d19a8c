using System.Runtime.CompilerServices;

namespace Cluster.Messages.DataPlane;

/// <summary>
/// Numbers between actors, one exchange a system: by reference within a process, within the message if they are few, by the data plane
/// else. Who sends asks it what to put into a message (<see cref="Offer"/>); who receives a handle opens a place (<see cref="Expect"/>).
/// </summary>
/// <remarks>
/// Limits    <see cref="InlineBytesMax"/> within a message; a system without a data plane sends no more to another process
/// Losses    as of messages: what a lost connection carried does not come until it is offered again. An open place keeps what has come
/// Memory    of an offered vector must stay as it is until it has left or is withdrawn; if it changes, its checksum fails, and it is lost
/// Threads   safe for several
/// </remarks>
public sealed class VectorExchange : IExtension, IDataEvents
{
    /// <summary>Bytes of numbers that travel within an actor's message: with names around them they stay below <see cref="Wire.Limits.VectorMessageBytesMax"/>.</summary>
    public const int InlineBytesMax = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Peer, VectorKey Key), (IActorRef Whom, object Arrived, IActorRef Sender)> _expected = [];
    private readonly Dictionary<Address, Dictionary<VectorKey, VectorSending>> _sendings = [];
    private readonly Dictionary<Address, DataRoute> _routes = [];
    private readonly HashSet<Address> _asked = [];
    private DataPlaneNode? _plane;
    private Predicate<Address> _isHere = static _ => true;
    private Action<Address> _findRoute = static _ => { };
    private long _stream;

    /// <summary>The exchange of a system.</summary>
    public static VectorExchange Get(ActorSystem system) => system.WithExtension<VectorExchange, VectorExchangeProvider>();

    /// <summary>A stream's number that no other of this node has.</summary>
    public long NextStream() => Interlocked.Increment(ref _stream);

    /// <summary>From now on numbers for other processes go by a data plane.</summary>
    /// <param name="plane">This node's.</param>
    /// <param name="isHere">Whether messages to actors at that address go by reference.</param>
    /// <param name="findRoute">Begins to find out how a node is reached, to be answered by <see cref="OnRoute"/>.</param>
    public void Open(DataPlaneNode plane, Predicate<Address> isHere, Action<Address> findRoute)
    {
        lock (_gate) (_plane, _isHere, _findRoute) = (plane, isHere, findRoute);
    }

    /// <summary>The numbers as a message to an actor carries them. Those by handle are on their way; offered again before they have left, they are sent once.</summary>
    /// <param name="target">Whom the message is for.</param>
    /// <param name="key">Names the vector among those of this node; the same again for the same bits alone.</param>
    /// <param name="numbers">The vector.</param>
    /// <param name="released">Called once, from any thread, when the memory is not read any more; never if the receiver gets it by reference.</param>
    public Wire.TensorPayload Offer(IActorRef target, VectorKey key, Wire.TensorPayload numbers, Action? released = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        Address node = target.Path.Address;
        if (_plane is not { } plane || numbers.Bytes.Length <= InlineBytesMax || _isHere(node)) return numbers;
        VectorSending sending = new(key, numbers.Bytes, released);
        DataRoute? route = null;
        bool isKnown, asks = false;
        lock (_gate)
        {
            if (!_sendings.TryGetValue(node, out Dictionary<VectorKey, VectorSending>? sendings)) _sendings[node] = sendings = [];
            isKnown = !sendings.TryAdd(key, sending);
            if (!isKnown && _routes.TryGetValue(node, out DataRoute known)) (route, sending.IsSent) = (known, true);
            else if (!isKnown) asks = _asked.Add(node);
        }
        if (isKnown) released?.Invoke();
        else if (route is { } to) Send(plane, node, to, sending);
        if (asks) _findRoute(node);
        return new Wire.TensorPayload(numbers.Kind, default, new VectorHandle(plane.Self, key, numbers.Bytes.Length));
    }

    /// <summary>Drops what has not left of an offered vector: its receiver has no use for it any more.</summary>
    public void Withdraw(IActorRef target, VectorKey key)
    {
        ArgumentNullException.ThrowIfNull(target);
        Address node = target.Path.Address;
        VectorSending? dropped = null;
        DataRoute route;
        lock (_gate)
        {
            if (!_sendings.TryGetValue(node, out Dictionary<VectorKey, VectorSending>? sendings) || !sendings.TryGetValue(key, out VectorSending? sending)) return;
            sendings.Remove(key);
            if (!sending.IsSent) dropped = sending;
            _routes.TryGetValue(node, out route);
        }
        if (dropped is not null) dropped.Released?.Invoke();
        else if (route.Peer.Name is not null) _plane?.Abandon(route.Peer, key);
    }

    /// <summary>Opens a place for numbers that a message named. When they lie there, an actor is told.</summary>
    /// <param name="handle">Which numbers.</param>
    /// <param name="place">Where they go: as long as the handle says.</param>
    /// <param name="whom">The actor that is told.</param>
    /// <param name="arrived">What it is told.</param>
    /// <param name="sender">In whose name.</param>
    /// <returns>False if the same numbers are awaited already, or no place can be opened.</returns>
    public bool Expect(VectorHandle handle, Memory<byte> place, IActorRef whom, object arrived, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (_plane is not { } plane || place.Length != handle.Bytes) return false;
        var key = (handle.From.Name, handle.Key);
        lock (_gate)
        {
            if (!_expected.TryAdd(key, (whom, arrived, sender))) return false;
        }
        try
        {
            plane.Expect(handle.From, handle.Key, place);
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            lock (_gate) _expected.Remove(key);
            return false;
        }
    }

    /// <summary>Gives a place up. Its memory is not written any more once the task is completed.</summary>
    public Task Forget(VectorHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        lock (_gate) _expected.Remove((handle.From.Name, handle.Key));
        return _plane?.Forget(handle.From, handle.Key) ?? Task.CompletedTask;
    }

    /// <summary>A node has said how its data plane is reached: what waited for that leaves.</summary>
    public void OnRoute(Address node, DataRoute route)
    {
        VectorSending[] waiting;
        lock (_gate)
        {
            _asked.Remove(node);
            _routes[node] = route;
            waiting = _sendings.TryGetValue(node, out Dictionary<VectorKey, VectorSending>? sendings) ? [.. sendings.Values.Where(sending => !sending.IsSent)] : [];
            foreach (VectorSending sending in waiting) sending.IsSent = true;
        }
        foreach (VectorSending sending in waiting) Send(_plane!, node, route, sending);
    }

    /// <summary>A node did not say how its data plane is reached: what waited for that is lost.</summary>
    public void OnNoRoute(Address node)
    {
        VectorSending[] lost;
        lock (_gate)
        {
            _asked.Remove(node);
            if (!_sendings.TryGetValue(node, out Dictionary<VectorKey, VectorSending>? sendings)) return;
            lost = [.. sendings.Values.Where(sending => !sending.IsSent)];
            foreach (VectorSending sending in lost) sendings.Remove(sending.Key);
        }
        foreach (VectorSending sending in lost) sending.Released?.Invoke();
    }

    void IDataEvents.OnReceived(DataPeer from, VectorKey key, int offset, int length, bool isWhole)
    {
        if (!isWhole) return;
        (IActorRef Whom, object Arrived, IActorRef Sender) expected;
        lock (_gate)
        {
            if (!_expected.Remove((from.Name, key), out expected)) return;
        }
        expected.Whom.Tell(expected.Arrived, expected.Sender);
    }

    // A node that has started again listens elsewhere: it is asked anew.
    void IDataEvents.OnEnded(string peer, bool isOutgoing, string reason)
    {
        if (!isOutgoing) return;
        lock (_gate)
        {
            foreach ((Address node, DataRoute route) in _routes)
                if (route.Peer.Name == peer) _routes.Remove(node);      // which the walk allows
        }
    }

    private void Send(DataPlaneNode plane, Address node, DataRoute route, VectorSending sending)
    {
        Task sent = plane.SendAsync(route.EndPoint, route.Peer, sending.Key, sending.Numbers, 0, sending.Numbers.Length);
        ConfiguredTaskAwaitable.ConfiguredTaskAwaiter end = sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter();
        if (end.IsCompleted) OnLeft(node, sending);
        else end.UnsafeOnCompleted(() => OnLeft(node, sending));
    }

    // Sent, or lost on the way: both are told by what comes of it, or does not.
    private void OnLeft(Address node, VectorSending sending)
    {
        lock (_gate)
        {
            if (_sendings.TryGetValue(node, out Dictionary<VectorKey, VectorSending>? sendings)
                && sendings.TryGetValue(sending.Key, out VectorSending? current) && current == sending) sendings.Remove(sending.Key);
            if (sendings?.Count == 0) _sendings.Remove(node);
        }
        sending.Released?.Invoke();
    }
}

/// <summary>Makes the exchange of a system.</summary>
public sealed class VectorExchangeProvider : ExtensionIdProvider<VectorExchange>
{
    /// <inheritdoc/>
    public override VectorExchange CreateExtension(ExtendedActorSystem system) => new();
}

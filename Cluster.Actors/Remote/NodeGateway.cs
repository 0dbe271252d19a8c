namespace Cluster.Actors;

/// <summary>A node's door to the network: what leaves, what comes in, and which lives of other nodes are over.</summary>
internal sealed class NodeGateway(EmbeddedActorSystem system, NodeNetwork network) : INodeEndpoint
{
    private readonly ConcurrentDictionary<Address, int> _lastUids = new();
    private readonly ConcurrentDictionary<(Address Address, int Uid), bool> _lost = new();
    private volatile bool _anyLost;

    public Address Address => system.Provider.DefaultAddress;

    public int Uid => system.Uid;

    public Serialization.Serialization Serialization => system.Serialization;

    internal EmbeddedActorSystem System => system;

    public void Receive(NodeEnvelope envelope)
    {
        bool lost = _anyLost && _lost.ContainsKey((envelope.From, envelope.FromUid));
        if (lost && !IsMembershipTalk(envelope.Recipient))
            return;
        if (!lost && (!_lastUids.TryGetValue(envelope.From, out int known) || known != envelope.FromUid))
            _lastUids[envelope.From] = envelope.FromUid;
        ActorRefBase recipient = system.Provider.Resolve(envelope.Recipient);
        if (envelope.Message is RemoteSystemMessage message)
            ReceiveSystem(recipient, message);
        else
            recipient.Tell(envelope.Message, envelope.Sender is null ? null : Localize(envelope.Sender));
    }

    public void Refused(Address by, string reason) => TellDaemon(new Membership.Messages.ConnectionRefused(by, reason));

    public void Unreachable(Address to) => TellDaemon(new Membership.Messages.ConnectionFailed(to));

    internal void Send(ActorRefBase recipient, object message, IActorRef? sender)
    {
        Address to = recipient.Path.Address;
        if (IsLost(to) && !IsMembershipTalk(recipient.Path))
            system.DeadLettersRef.Handle(message, sender, recipient);
        else
            network.Send(new NodeEnvelope(Address, Uid, to, recipient.Path, sender, message));
    }

    internal void SendSystem(ActorRefBase recipient, SystemMessage message)
    {
        Address to = recipient.Path.Address;
        if (IsLost(to))
        {
            if (message is Watch watch)
                ActorRefBase.Of(watch.Watcher).SendSystemMessage(new DeathWatchNotification(watch.Watchee, false, true));
            return;
        }

        RemoteSystemMessage? remote = message switch
        {
            Watch watch => new RemoteWatch(watch.Watchee, watch.Watcher),
            Unwatch unwatch => new RemoteUnwatch(unwatch.Watchee, unwatch.Watcher),
            DeathWatchNotification death => new RemoteDeath(death.Actor, death.ExistenceConfirmed),
            Terminate => new RemoteStop(),
            _ => null,
        };
        if (remote is not null)
            network.Send(new NodeEnvelope(Address, Uid, to, recipient.Path, null, remote));
    }

    /// <summary>That life of the node is over: nothing more is taken from it or sent to it, and its actors have ended.</summary>
    internal void NodeLost(Address address, int uid)
    {
        _lastUids.TryAdd(address, uid);
        _lost[(address, uid)] = true;
        _anyLost = true;
        if (_lastUids[address] == uid)
            system.Provider.RemoteWatcher.AddressLost(address);
    }

    /// <summary>The reference as this node should use it: a foreign node's remote reference to an actor here becomes local.</summary>
    internal IActorRef Localize(IActorRef reference)
    {
        ActorRefBase known = ActorRefBase.Of(reference);
        if (known is Nobody || ReferenceEquals(known.Provider, system.Provider))
            return reference;
        return known.IsLocal && !network.RoutesForeignRefs ? known : system.Provider.Resolve(known.Path);
    }

    /// <summary>
    /// The cluster daemons speak even with lives that are over: one that still runs must learn it, and the next life at the
    /// address must be found.
    /// </summary>
    private static bool IsMembershipTalk(ActorPath recipient) =>
        recipient.Name == Membership.Cluster.DaemonName && recipient.Parent.Name == "system";

    internal bool IsLost(Address to) => _anyLost && _lastUids.TryGetValue(to, out int uid) && _lost.ContainsKey((to, uid));

    private void TellDaemon(object message) =>
        system.Provider.Resolve(new RootActorPath(Address) / "system" / Membership.Cluster.DaemonName).Tell(message, ActorRefs.NoSender);

    private void ReceiveSystem(ActorRefBase recipient, RemoteSystemMessage message)
    {
        SystemMessage local = message switch
        {
            RemoteWatch watch => new Watch(Localize(watch.Watchee), Localize(watch.Watcher)),
            RemoteUnwatch unwatch => new Unwatch(Localize(unwatch.Watchee), Localize(unwatch.Watcher)),
            RemoteDeath death => new DeathWatchNotification(Localize(death.Actor), death.ExistenceConfirmed, false),
            _ => new Terminate(),
        };
        recipient.SendSystemMessage(local);
    }
}

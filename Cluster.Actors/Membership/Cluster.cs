using Cluster.Actors.Membership.Messages;
using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Membership;

/// <summary>
/// A node's part in a cluster: who else is there, in which role and state, and how to join and leave. What is read here is a
/// snapshot that the node's cluster daemon replaces as gossip arrives.
/// </summary>
public sealed class Cluster : IExtension
{
    internal const string DaemonName = "cluster";

    private readonly IActorRef _daemon;
    private readonly Lock _callbacksLock = new();
    private readonly TaskCompletionSource _exiting;
    private readonly TaskCompletionSource _ended;
    private List<Action>? _onUp = [];
    private List<Action>? _onRemoved = [];
    private volatile View _view;
    private volatile bool _isTerminated;

    internal Cluster(ExtendedActorSystem system)
    {
        EmbeddedActorSystem embedded = (EmbeddedActorSystem)system;
        System = system;
        Settings = system.Setup.Get<ClusterSettings>() ?? new ClusterSettings();
        Settings.Validate();
        SelfUniqueAddress = new UniqueAddress(system.Provider.DefaultAddress, embedded.Uid);
        SelfRoles = [.. Settings.Roles];
        Log = Logging.GetLogger(system, this);
        _view = new View(ClusterEvent.CurrentClusterState.Empty, NotJoined());
        TaskCreationOptions continuations = system.Setup.Dispatcher.ContinuesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;
        _exiting = new TaskCompletionSource(continuations);
        _ended = new TaskCompletionSource(continuations);
        _daemon = system.SystemActorOf(Props.Create(() => new ClusterDaemon(this)), DaemonName);
        ClusterShutdown.Register(this, CoordinatedShutdown.Get(system));
    }

    public ClusterSettings Settings { get; }

    public ExtendedActorSystem System { get; }

    public UniqueAddress SelfUniqueAddress { get; }

    public Address SelfAddress => SelfUniqueAddress.Address;

    public ImmutableHashSet<string> SelfRoles { get; }

    /// <summary>This node as a member; its status is Removed before it has joined and after it has left.</summary>
    public Member SelfMember => _view.Self;

    /// <summary>All members as this node sees them now.</summary>
    public ClusterEvent.CurrentClusterState State => _view.State;

    /// <summary>Whether this life's part in the cluster is over.</summary>
    public bool IsTerminated => _isTerminated;

    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    internal ILoggingAdapter Log { get; }

    /// <summary>Completes when this node has become Exiting, or its part is over.</summary>
    internal Task Exiting => _exiting.Task;

    /// <summary>Completes when this node's part is over.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>The cluster of a system, made at the first call.</summary>
    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>Joins the cluster that the node at the address belongs to; one's own address founds a cluster.</summary>
    public void Join(Address address) => _daemon.Tell(new JoinCommand(address), ActorRefs.NoSender);

    /// <summary>Joins the cluster that one of the nodes belongs to. The first of them founds one where none belongs to any.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) => _daemon.Tell(new JoinSeedNodesCommand([.. seedNodes]), ActorRefs.NoSender);

    /// <summary>Has the node hand over what it runs, leave, and end.</summary>
    public void Leave(Address address) => _daemon.Tell(new LeaveCommand(address), ActorRefs.NoSender);

    /// <summary>Declares the node lost. Only right where it certainly no longer works.</summary>
    public void Down(Address address) => _daemon.Tell(new DownCommand(address), ActorRefs.NoSender);

    /// <inheritdoc cref="Subscribe(IActorRef, ClusterEvent.SubscriptionInitialStateMode, Type[])"/>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <summary>Has events of these types sent to the subscriber, beginning with the state as it is.</summary>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        if (to.Length == 0) throw new ArgumentException("Cluster.Subscribe: wanted at least one type of event, got none", nameof(to));
        _daemon.Tell(new SubscribeCommand(subscriber, initialStateMode, [.. to]), ActorRefs.NoSender);
    }

    public void Unsubscribe(IActorRef subscriber) => _daemon.Tell(new UnsubscribeCommand(subscriber, null), ActorRefs.NoSender);

    public void Unsubscribe(IActorRef subscriber, Type to) => _daemon.Tell(new UnsubscribeCommand(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends <see cref="ClusterEvent.CurrentClusterState"/> to the receiver.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => _daemon.Tell(new SendStateCommand(receiver), ActorRefs.NoSender);

    /// <summary>Runs the callback once this node is Up; at once where it is. It must be quick and must not throw.</summary>
    public void RegisterOnMemberUp(Action callback) => Register(ref _onUp, callback);

    /// <summary>Runs the callback once this node's part is over; at once where it is. It must be quick and must not throw.</summary>
    public void RegisterOnMemberRemoved(Action callback) => Register(ref _onRemoved, callback);

    internal void Tell(object command) => _daemon.Tell(command, ActorRefs.NoSender);

    /// <summary>Called by the daemon alone.</summary>
    internal void Show(MembershipState state) =>
        _view = new View(ClusterEvents.Snapshot(state), state.SelfRow?.ToMember() ?? NotJoined());

    /// <summary>Called by the daemon alone: what concerns this node itself.</summary>
    internal void OnChanges(ImmutableArray<ClusterEvent.IClusterDomainEvent> changes)
    {
        foreach (ClusterEvent.IClusterDomainEvent change in changes)
        {
            if (change is ClusterEvent.MemberRemoved removed && removed.Member.UniqueAddress != SelfUniqueAddress)
                System.Provider.Gateway?.NodeLost(removed.Member.Address, removed.Member.UniqueAddress.Uid);
            if (change is not ClusterEvent.IMemberEvent { Member: { } member } || member != SelfMember) continue;
            switch (change)
            {
                case ClusterEvent.MemberUp:
                    RunAll(ref _onUp);
                    break;
                case ClusterEvent.MemberExited:
                    _exiting.TrySetResult();
                    ShutDown(downed: false);
                    break;
            }
        }
    }

    /// <summary>Called by the daemon alone: this life's part in the cluster is over.</summary>
    internal void OnEnded(MembershipState? last)
    {
        _isTerminated = true;
        if (last is { IsOut: true }) ShutDown(downed: true); // of no effect where the node is leaving already
        _view = _view with { Self = new Member(SelfUniqueAddress, _view.Self.UpNumber, MemberStatus.Removed, SelfRoles) };
        _exiting.TrySetResult();
        _ended.TrySetResult();
        RunAll(ref _onRemoved);
    }

    /// <summary>A node without a cluster ends, so that its host can start it anew.</summary>
    internal void ShutDown(bool downed) =>
        _ = CoordinatedShutdown.Get(System).Run(downed ? CoordinatedShutdown.ClusterDowningReason.Instance : CoordinatedShutdown.ClusterLeavingReason.Instance);

    private Member NotJoined() => new(SelfUniqueAddress, int.MaxValue, MemberStatus.Removed, SelfRoles);

    private void Register(ref List<Action>? callbacks, Action callback)
    {
        lock (_callbacksLock)
        {
            if (callbacks is not null)
            {
                callbacks.Add(callback);
                return;
            }
        }

        callback();
    }

    private void RunAll(ref List<Action>? callbacks)
    {
        List<Action>? due;
        lock (_callbacksLock)
        {
            due = callbacks;
            callbacks = null;
        }

        foreach (Action callback in due ?? []) callback();
    }

    private sealed record View(ClusterEvent.CurrentClusterState State, Member Self);
}

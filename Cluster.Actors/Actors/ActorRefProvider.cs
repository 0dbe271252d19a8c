namespace Cluster.Actors;

/// <summary>The top of a system's tree, and the way from a path to a reference.</summary>
public sealed class ActorRefProvider
{
    private readonly EmbeddedSetup _setup;
    private readonly ConcurrentDictionary<ActorPath, RemoteActorRef> _remoteRefs = new();
    private long _temporaries;

    internal ActorRefProvider(EmbeddedActorSystem system, EmbeddedSetup setup)
    {
        System = system;
        _setup = setup;
        DefaultAddress = setup.Network is null
            ? new Address("akka", system.Name)
            : new Address("akka", system.Name, setup.Host, setup.Port);
        RootPath = new RootActorPath(DefaultAddress);
        DeadLetterRef = new DeadLetterActorRef(this, RootPath / "deadLetters");
        TempContainer = new VirtualPathContainer(this, RootPath / "temp");
        RemoteWatcher = new RemoteWatcher(system);
        Gateway = setup.Network is null ? null : new NodeGateway(system, setup.Network);
    }

    public ActorPath RootPath { get; }

    /// <summary>Where other nodes reach this one; local where there is no network.</summary>
    public Address DefaultAddress { get; }

    public IActorRef RootGuardian => RootRef;

    public IActorRef Guardian => UserGuardian;

    public IActorRef SystemGuardian => SystemGuardianRef;

    public IActorRef DeadLetters => DeadLetterRef;

    internal EmbeddedActorSystem System { get; }

    internal DeadLetterActorRef DeadLetterRef { get; }

    internal LocalActorRef RootRef { get; private set; } = null!;

    internal LocalActorRef UserGuardian { get; private set; } = null!;

    internal LocalActorRef SystemGuardianRef { get; private set; } = null!;

    internal VirtualPathContainer TempContainer { get; }

    internal RemoteWatcher RemoteWatcher { get; }

    /// <summary>The way to other nodes; null where there is no network.</summary>
    internal NodeGateway? Gateway { get; }

    /// <summary>The reference of a path in text, as Serialization.SerializedActorPath writes it.</summary>
    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out ActorPath? parsed) ? ResolveActorRef(parsed) : DeadLetterRef;

    public IActorRef ResolveActorRef(ActorPath path) => Resolve(path);

    internal ActorRefBase Resolve(ActorPath path)
    {
        if (!IsOwn(path.Address))
            return ResolveRemote(path);
        ActorRefBase found = ResolveLocal(path);
        return found is Nobody || (path.Uid != 0 && found.Path.Uid != path.Uid) ? new EmptyLocalActorRef(this, path) : found;
    }

    internal bool IsOwn(Address address) =>
        ReferenceEquals(address, DefaultAddress) || address.Equals(DefaultAddress)
        || (address.HasLocalScope && string.Equals(address.System, System.Name, StringComparison.Ordinal));

    internal ActorRefBase RootAt(Address address) => IsOwn(address) ? RootRef : Resolve(new RootActorPath(address));

    internal ActorPath NextTempPath(string prefix = "$") =>
        new ChildActorPath(TempContainer.Path, prefix + Interlocked.Increment(ref _temporaries).ToString(CultureInfo.InvariantCulture), 0);

    internal void Start()
    {
        RootParentRef above = new(this, RootPath / "_");
        RootRef = new LocalActorRef(System, Props.Create(() => new RootGuardianActor(this)), above, RootPath, System.Dispatcher);
        UserGuardian = Guard("user");
        SystemGuardianRef = Guard("system");
        RootRef.Start();
        if (Gateway is { } gateway)
            _setup.Network!.Register(gateway);
    }

    internal void CellTerminated(LocalActorRef cell)
    {
        // The application's actors end first, then the engine's own, then the root.
        if (ReferenceEquals(cell, UserGuardian))
            SystemGuardianRef.Stop();
        else if (ReferenceEquals(cell, SystemGuardianRef))
            RootRef.Stop();
    }

    private LocalActorRef Guard(string name) =>
        RootRef.Cell.MakeChild(Props.Create(() => new GuardianActor()), name, null);

    private RemoteActorRef ResolveRemote(ActorPath path)
    {
        // Temporary paths never come back, so they are not kept.
        bool temporary = path.Parent.Name == "temp";
        if (temporary || path.Uid == 0 || _remoteRefs.Count >= RemoteActorRef.CachedMax)
            return new RemoteActorRef(this, path);
        if (_remoteRefs.TryGetValue(path, out RemoteActorRef? known) && known.Path.Uid == path.Uid)
            return known;
        RemoteActorRef made = new(this, path);
        _remoteRefs[path] = made;
        return made;
    }

    private ActorRefBase ResolveLocal(ActorPath path)
    {
        if (path.ParentOrNull is not { } parent)
            return RootRef;
        if (parent.ParentOrNull is null)
        {
            return path.Name switch
            {
                "temp" => TempContainer,
                "deadLetters" => DeadLetterRef,
                _ => RootRef.GetSingleChild(path.Name),
            };
        }

        return ResolveLocal(parent).GetSingleChild(path.Name);
    }
}

/// <summary>The parent of /user and /system: a failure that reaches it ends the system.</summary>
internal sealed class RootGuardianActor(ActorRefProvider provider) : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message) => provider.DeadLetterRef.Handle(message, Sender, ActorRefBase.Of(Self));
}

/// <summary>The actor at /user and at /system.</summary>
internal sealed class GuardianActor : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not Terminated)
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
    }
}

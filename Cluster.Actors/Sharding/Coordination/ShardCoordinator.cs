namespace Cluster.Actors.Sharding.Coordination;

/// <summary>
/// Decides which region runs which shard: a singleton on the oldest member of the role. When it moves, the new one first hears
/// from all regions what they run, so nothing needs to be stored.
/// </summary>
internal sealed class ShardCoordinator : ReceiveActor, IWithTimers
{
    /// <summary>Shards that are wanted while there is no region to run them.</summary>
    private const int WantedMax = 100_000;

    private readonly ActorCluster _cluster;
    private readonly ClusterShardingSettings _settings;
    private readonly IShardAllocationStrategy _strategy;
    private readonly SortedSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log;
    private readonly DateTimeOffset _since;
    private readonly TimeSpan _patience;
    private CoordinatorState _state;
    private readonly ImmutableArray<string> _regionElements;
    private readonly Dictionary<IActorRef, UniqueAddress> _nodes = [];
    private bool _active;
    private bool _rebalancing;

    public ShardCoordinator(ClusterShardingSettings settings, IShardAllocationStrategy strategy, ImmutableArray<string> regionElements)
    {
        _regionElements = regionElements;
        _cluster = ActorCluster.Get(Context.System);
        _settings = settings;
        _strategy = strategy;
        _log = Context.GetLogger();
        _since = Now;

        // A member that is cut off counts as reachable for a while: only silence beyond that says that it has no region.
        TimeSpan untilUnreachable = _cluster.Settings.AcceptablePause + (2 * _cluster.Settings.HeartbeatInterval);
        TimeSpan wanted = settings.TuningParameters.WaitingForStateTimeout;
        _patience = wanted > untilUnreachable ? wanted : untilUnreachable;
        _state = new CoordinatorState { Version = _since.UtcTicks }; // greater than any decision of an earlier coordinator
        Gathering();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        AskUnheard();
        Timers.StartPeriodicTimer(RetryTick.Instance, RetryTick.Instance, _settings.TuningParameters.RetryInterval);
        Timers.StartPeriodicTimer(RebalanceTick.Instance, RebalanceTick.Instance, _settings.TuningParameters.RebalanceInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <summary>The coordinator has just started here: nothing is decided until the regions have said what they run.</summary>
    private void Gathering()
    {
        Receive<RetryTick>(_ => OnGatheringTick());
        Receive<RebalanceTick>(_ => { });
        Receive<GetShardHome>(Want);
        Always();
    }

    private void Active()
    {
        Receive<RetryTick>(_ => OnRetry());
        Receive<RebalanceTick>(_ => OnRebalance());
        Receive<GetShardHome>(OnGetShardHome);
        Receive<Allocated>(OnAllocated);
        Receive<RebalanceChosen>(OnRebalanceChosen);
        Receive<GracefulShutdownRequest>(leave => Perform(_state.Leave(leave.Region)));
        Receive<BeginHandOffAck>(ack => Perform(_state.Acknowledged(ack)));
        Receive<ShardStarted>(started => _state = _state.Started(started));
        Receive<ShardStopped>(OnShardStopped);
        Always();
    }

    private void Always()
    {
        Receive<Register>(OnRegister);
        Receive<Terminated>(terminated => OnRegionGone(terminated.ActorRef));
        Receive<ClusterEvent.MemberRemoved>(OnMemberRemoved);
        Receive<ClusterEvent.IClusterDomainEvent>(_ => TryActivate());
        Receive<ClusterEvent.CurrentClusterState>(_ => TryActivate());
        Receive<IShardingMessage>(_ => { }); // a region repeats what matters
    }

    private void OnRegister(Register register)
    {
        bool known = _state.Regions.Contains(register.Region) || _state.Proxies.Contains(register.Region);
        if (!IsWorking(register.Node)) return; // removed meanwhile, or not up yet: it will say so again
        _nodes[register.Region] = register.Node;
        Context.Watch(register.Region);
        Perform(_state.Register(register, renew: _active));
        register.Region.Tell(new RegisterAck(Self));
        TryActivate();
        if (known || register.Proxy) return;
        AllocateWanted();
        Timers.StartSingleTimer(RebalanceSoon.Instance, RebalanceTick.Instance, _settings.TuningParameters.RebalanceAfterRegistration);
    }

    private void OnGatheringTick()
    {
        AskUnheard();
        TryActivate();
    }

    private void AskUnheard()
    {
        foreach (Member member in Unheard())
        {
            IActorRef region = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(new RootActorPath(member.Address) / _regionElements);
            region.Tell(IntroduceYourself.Instance);
        }
    }

    private void TryActivate()
    {
        if (_active || !HasHeardAll()) return;
        _active = true;
        _state = _state.Renew();
        _log.Debug("coordinator knows {0} regions that run {1} shards", _state.Regions.Count, _state.Places.Count);
        Become(Active);
        AllocateWanted();
        OnRetry();
    }

    /// <summary>Members that cannot be heard may run shards until they are removed; those that can have a while to speak.</summary>
    private bool HasHeardAll()
    {
        bool patient = Now - _since < _patience;
        ImmutableHashSet<Member> unreachable = _cluster.State.Unreachable;
        return Unheard().All(member => !patient && member.Status != MemberStatus.Down && !unreachable.Contains(member));
    }

    private IEnumerable<Member> Unheard()
    {
        HashSet<UniqueAddress> heard = [.. _state.Regions.Select(region => _nodes[region])];
        return _cluster.State.Members.Where(member => member.Status != MemberStatus.Joining
            && (_settings.Role is null || member.HasRole(_settings.Role)) && !heard.Contains(member.UniqueAddress));
    }

    private void Want(GetShardHome ask)
    {
        if (_wanted.Count < WantedMax) _wanted.Add(ask.Shard);
    }

    private void OnGetShardHome(GetShardHome ask)
    {
        if (_state.HandOffs.ContainsKey(ask.Shard)) return; // all regions hear of the new home
        if (_state.Places.TryGetValue(ask.Shard, out ShardPlace? place)) ask.Requester.Tell(new ShardHome(ask.Shard, place.Region, place.Version));
        else Allocate(ask.Shard, ask.Requester);
    }

    private void AllocateWanted()
    {
        if (!_active || _wanted.Count == 0) return;
        string[] wanted = [.. _wanted];
        _wanted.Clear();
        foreach (string shard in wanted) Allocate(shard, Self);
    }

    private void Allocate(string shard, IActorRef requester)
    {
        ImmutableSortedDictionary<IActorRef, IImmutableList<string>> allocations = _state.Allocations;
        if (allocations.IsEmpty)
        {
            if (_wanted.Count < WantedMax) _wanted.Add(shard);
            return;
        }

        Task<IActorRef> choice = _strategy.AllocateShard(requester, shard, allocations);
        if (choice.IsCompletedSuccessfully) OnAllocated(new Allocated(shard, choice.Result));
        else choice.PipeTo(Self, Self, region => new Allocated(shard, region), error => new Allocated(shard, null, error));
    }

    private void OnAllocated(Allocated allocated)
    {
        if (allocated.Error is not null) _log.Error(allocated.Error, "the strategy found no region for shard {0}; it is asked again", allocated.Shard);
        else if (allocated.Region is not null) Perform(_state.Allocate(allocated.Shard, allocated.Region));
    }

    private void OnShardStopped(ShardStopped stopped)
    {
        (_state, bool needsHome) = _state.Stopped(stopped);
        if (needsHome) Allocate(stopped.Shard, Self);
    }

    private bool IsWorking(UniqueAddress node) => _cluster.State.Members.Any(
        member => member.UniqueAddress == node && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);

    private void OnMemberRemoved(ClusterEvent.MemberRemoved removed)
    {
        foreach (IActorRef region in _state.Regions.Concat(_state.Proxies).Where(region => _nodes[region] == removed.Member.UniqueAddress))
            OnRegionGone(region);

        TryActivate();
    }

    private void OnRegionGone(IActorRef region)
    {
        Context.Unwatch(region);
        _nodes.Remove(region);
        (_state, ImmutableArray<Outgoing> messages, ImmutableArray<string> homeless) = _state.Remove(region);
        Send(messages);
        foreach (string shard in homeless)
        {
            if (_active) Allocate(shard, Self);
        }
    }

    private void OnRetry()
    {
        Send(_state.Retry());
        AllocateWanted();
    }

    private void OnRebalance()
    {
        if (_rebalancing) return;
        _rebalancing = true;
        Task<IImmutableSet<string>> choice = _strategy.Rebalance(_state.Allocations, [.. _state.HandOffs.Keys]);
        if (choice.IsCompletedSuccessfully) OnRebalanceChosen(new RebalanceChosen(choice.Result));
        else choice.PipeTo(Self, Self, shards => new RebalanceChosen(shards), error => new RebalanceChosen([], error));
    }

    private void OnRebalanceChosen(RebalanceChosen chosen)
    {
        _rebalancing = false;
        if (chosen.Error is not null) _log.Error(chosen.Error, "the strategy could not choose what to move");
        foreach (string shard in chosen.Shards.Order(StringComparer.Ordinal)) Perform(_state.BeginHandOff(shard));
    }

    private void Perform((CoordinatorState Next, ImmutableArray<Outgoing> Out) decision)
    {
        _state = decision.Next;
        Send(decision.Out);
    }

    private static void Send(ImmutableArray<Outgoing> messages)
    {
        foreach ((IActorRef to, IShardingMessage message) in messages) to.Tell(message);
    }

    private sealed record RetryTick : INoSerializationVerificationNeeded
    {
        public static RetryTick Instance { get; } = new();
    }

    private sealed record RebalanceTick : INoSerializationVerificationNeeded
    {
        public static RebalanceTick Instance { get; } = new();
    }

    private sealed record RebalanceSoon
    {
        public static RebalanceSoon Instance { get; } = new();
    }

    private sealed record Allocated(string Shard, IActorRef? Region, Exception? Error = null) : INoSerializationVerificationNeeded;

    private sealed record RebalanceChosen(IImmutableSet<string> Shards, Exception? Error = null) : INoSerializationVerificationNeeded
    {
        public RebalanceChosen(IEnumerable<string> shards, Exception? error)
            : this([.. shards], error)
        {
        }
    }
}

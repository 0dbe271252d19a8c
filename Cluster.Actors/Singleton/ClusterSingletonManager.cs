namespace Cluster.Actors.Singleton;

/// <summary>
/// Runs on every node of a role and has the singleton run on the oldest. A node that leaves stops it before the next oldest
/// starts it; where a node is lost, the next oldest waits until it has been removed from the cluster.
/// </summary>
public sealed class ClusterSingletonManager : ReceiveActor, IWithTimers
{
    private readonly ActorCluster _cluster;
    private readonly Props _singletonProps;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly SortedSet<UniqueAddress> _handedOver = [];
    private readonly List<IActorRef> _successors = [];
    private readonly List<TaskCompletionSource<Done>> _waiting = [];
    private readonly ILoggingAdapter _log;
    private IActorRef? _singleton;
    private bool _started;
    private bool _retired;

    internal ClusterSingletonManager(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        _cluster = ActorCluster.Get(Context.System);
        _singletonProps = singletonProps;
        _terminationMessage = terminationMessage;
        _settings = settings;
        _log = Context.GetLogger();
        Receive<ClusterEvent.CurrentClusterState>(_ => Reconsider());
        Receive<ClusterEvent.IMemberEvent>(_ => Reconsider());
        Receive<HandOverRetry>(_ => Reconsider());
        Receive<HandOverToMe>(_ => OnHandOverToMe(), ask => ask.To == _cluster.SelfUniqueAddress);
        Receive<HandOverToMe>(_ => { }); // meant for an earlier life of this node
        Receive<HandOverDone>(OnHandOverDone);
        Receive<StopSingleton>(OnStopSingleton);
        Receive<Terminated>(_ => OnSingletonTerminated(), terminated => terminated.ActorRef.Equals(_singleton));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The manager's props. It must run under the same path on all nodes of the role.</summary>
    public static Props Props(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings) =>
        Actors.Props.Create(() => new ClusterSingletonManager(singletonProps, terminationMessage, settings));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        IActorRef self = Self;
        bool inline = ((ExtendedActorSystem)Context.System).Setup.Dispatcher.ContinuesInline;
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterExiting, "stop-singleton", () =>
        {
            if (((ActorRefBase)self).IsTerminated) return Task.FromResult(Done.Instance);
            TaskCompletionSource<Done> stopped = new(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            self.Tell(new StopSingleton(stopped), ActorRefs.NoSender);
            return stopped.Task;
        });
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        foreach (TaskCompletionSource<Done> waiting in _waiting) waiting.TrySetResult(Done.Instance);
    }

    private void Reconsider()
    {
        MemberStatus mine = _cluster.SelfMember.Status;
        if (mine is MemberStatus.Exiting or MemberStatus.Down || _cluster.IsTerminated)
        {
            Retire();
            return;
        }

        Seniority seniority = Seniority.Of(_cluster.State, _settings.Role);
        if (_retired || _started || seniority.Oldest != _cluster.SelfMember || mine is not (MemberStatus.Up or MemberStatus.Leaving)) return;
        Member[] running = [.. seniority.Predecessors.Where(member => !_handedOver.Contains(member.UniqueAddress))];
        if (running.Length == 0) Start();
        else AskForHandOver(running);
    }

    private void Start()
    {
        _started = true;
        Timers.Cancel(HandOverRetry.Instance);
        _singleton = Context.Watch(Context.ActorOf(_singletonProps, _settings.SingletonName));
        _log.Info("singleton {0} runs here", _singleton.Path);
    }

    private void AskForHandOver(Member[] predecessors)
    {
        foreach (Member predecessor in predecessors)
            ManagerOn(predecessor.Address).Tell(new HandOverToMe(predecessor.UniqueAddress));
        if (!Timers.IsTimerActive(HandOverRetry.Instance))
            Timers.StartPeriodicTimer(HandOverRetry.Instance, HandOverRetry.Instance, _settings.HandOverRetryInterval);
    }

    /// <summary>The asker's view is ahead of this node's: it sees this node go, and statuses only grow.</summary>
    private void OnHandOverToMe()
    {
        if (!_successors.Contains(Sender)) _successors.Add(Sender);
        Retire();
    }

    private void OnHandOverDone(HandOverDone done)
    {
        if (_handedOver.Add(done.From)) Reconsider();
    }

    private void OnStopSingleton(StopSingleton stop)
    {
        _waiting.Add(stop.Stopped);
        Retire();
    }

    private void Retire()
    {
        bool first = !_retired;
        _retired = true;
        Timers.Cancel(HandOverRetry.Instance);
        if (_singleton is null) TellStopped();
        else if (first) _singleton.Tell(_terminationMessage);
    }

    private void OnSingletonTerminated()
    {
        _singleton = null;
        if (_retired) TellStopped();
        else _log.Warning("the singleton below {0} has stopped by itself and is not started again", Self.Path);
    }

    private void TellStopped()
    {
        foreach (IActorRef successor in _successors) successor.Tell(new HandOverDone(_cluster.SelfUniqueAddress));
        foreach (TaskCompletionSource<Done> waiting in _waiting) waiting.TrySetResult(Done.Instance);
        _successors.Clear();
        _waiting.Clear();
    }

    private IActorRef ManagerOn(Address address) =>
        ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(new RootActorPath(address) / Self.Path.Elements);
}

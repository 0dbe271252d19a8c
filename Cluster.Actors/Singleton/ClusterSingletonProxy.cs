namespace Cluster.Actors.Singleton;

/// <summary>Sends what it gets to the singleton, wherever it runs, with the original sender. Keeps messages while it is unknown.</summary>
public sealed class ClusterSingletonProxy : ReceiveActor, IWithTimers
{
    private readonly ActorCluster _cluster;
    private readonly ClusterSingletonProxySettings _settings;
    private readonly ImmutableArray<string> _singletonElements;
    private readonly Queue<(object Message, IActorRef Sender)> _buffer = new();
    private UniqueAddress? _oldest;
    private IActorRef? _singleton;
    private int _question;

    internal ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        _cluster = ActorCluster.Get(Context.System);
        _settings = settings;
        _singletonElements = [.. singletonManagerPath.Split('/', StringSplitOptions.RemoveEmptyEntries), settings.SingletonName];
        Receive<ClusterEvent.CurrentClusterState>(_ => Reconsider());
        Receive<ClusterEvent.IMemberEvent>(_ => Reconsider());
        Receive<TryToIdentifySingleton>(_ => Identify());
        Receive<ActorIdentity>(OnIdentity);
        Receive<Terminated>(_ => Forget(), terminated => terminated.ActorRef.Equals(_singleton));
        Receive<Terminated>(_ => { });
        ReceiveAny(OnMessage);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A proxy for the singleton whose manager runs under the path, such as <c>/user/jobs</c>.</summary>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings) =>
        Actors.Props.Create(() => new ClusterSingletonProxy(singletonManagerPath, settings));

    protected override void PreStart() => _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Reconsider()
    {
        UniqueAddress? oldest = Seniority.Of(_cluster.State, _settings.Role).Oldest?.UniqueAddress;
        if (oldest == _oldest) return;
        _oldest = oldest;
        Forget();
    }

    private void Forget()
    {
        if (_singleton is not null) Context.Unwatch(_singleton);
        _singleton = null;
        _question++;
        if (_oldest is null)
        {
            Timers.Cancel(TryToIdentifySingleton.Instance);
            return;
        }

        Timers.StartPeriodicTimer(TryToIdentifySingleton.Instance, TryToIdentifySingleton.Instance, _settings.SingletonIdentificationInterval);
        Identify();
    }

    private void Identify()
    {
        if (_oldest is null || _singleton is not null) return;
        Context.ActorSelection(new RootActorPath(_oldest.Address) / _singletonElements).Tell(new Identify(_question));
    }

    private void OnIdentity(ActorIdentity identity)
    {
        if (identity.Subject is null || _singleton is not null || !Equals(identity.MessageId, _question)) return;
        _singleton = Context.Watch(identity.Subject);
        Timers.Cancel(TryToIdentifySingleton.Instance);
        while (_buffer.TryDequeue(out (object Message, IActorRef Sender) kept)) _singleton.Tell(kept.Message, kept.Sender);
    }

    private void OnMessage(object message)
    {
        if (_singleton is not null)
        {
            _singleton.Forward(message);
            return;
        }

        if (_settings.BufferSize == 0)
        {
            Context.System.DeadLetters.Tell(message, Sender);
            return;
        }

        if (_buffer.Count == _settings.BufferSize)
        {
            (object dropped, IActorRef sender) = _buffer.Dequeue();
            Context.System.DeadLetters.Tell(dropped, sender);
        }

        _buffer.Enqueue((message, Sender));
        Identify();
    }
}

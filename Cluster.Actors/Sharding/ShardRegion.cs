using Cluster.Actors.Sharding.Coordination;
using Cluster.Actors.Sharding.Regions;

namespace Cluster.Actors.Sharding;

/// <summary>
/// A node's door to all entities of a type: sends each message to the region that runs its shard, and runs the shards given to
/// this node. Messages wait here while their shard is being found or moved.
/// </summary>
public sealed partial class ShardRegion : ReceiveActor, IWithTimers
{
    private readonly RegionSetup _setup;
    private readonly ActorCluster _cluster;
    private readonly ShardBuffers _buffers;
    private readonly SortedDictionary<string, Home> _homes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Hosted> _hosted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly List<TaskCompletionSource<Done>> _waiting = [];
    private readonly ILoggingAdapter _log;
    private IActorRef? _coordinator;
    private UniqueAddress? _coordinatorNode;
    private int _ticks;
    private bool _leaving;

    internal ShardRegion(RegionSetup setup)
    {
        _setup = setup;
        _cluster = ActorCluster.Get(Context.System);
        _buffers = new ShardBuffers(setup.Settings.TuningParameters.BufferSize);
        _log = Context.GetLogger();
        Receive<RegisterAck>(OnRegisterAck);
        Receive<IntroduceYourself>(_ => Introduce());
        Receive<ShardHome>(OnShardHome);
        Receive<HostShard>(host => Host(host.Shard, host.Version));
        Receive<BeginHandOff>(OnBeginHandOff);
        Receive<HandOff>(OnHandOff);
        Receive<Deliver>(bounced => Keep(_setup.Extractor.ShardId(bounced.EntityId, bounced.Message), new ShardingEnvelope(bounced.EntityId, bounced.Message)));
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<RegionTick>(_ => OnTick());
        Receive<ClusterEvent.IMemberEvent>(OnMemberEvent);
        Receive<ClusterEvent.CurrentClusterState>(_ => FindCoordinator());
        Receive<GracefulShutdown>(_ => OnGracefulShutdown(null));
        Receive<ShutDownRegion>(stop => OnGracefulShutdown(stop.Stopped));
        Receive<GetShardRegionState>(_ => OnGetState());
        ReceiveAny(OnMessage);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(RegionTick.Instance, RegionTick.Instance, _setup.Settings.TuningParameters.RetryInterval);
        IActorRef self = Self;
        bool inline = ((ExtendedActorSystem)Context.System).Setup.Dispatcher.ContinuesInline;
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, "region-" + _setup.TypeName, () =>
        {
            if (((ActorRefBase)self).IsTerminated) return Task.FromResult(Done.Instance);
            TaskCompletionSource<Done> stopped = new(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            self.Tell(new ShutDownRegion(stopped), ActorRefs.NoSender);
            return stopped.Task;
        });
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        foreach (TaskCompletionSource<Done> waiting in _waiting) waiting.TrySetResult(Done.Instance);
    }

    private void OnMessage(object message)
    {
        (string? entity, object? payload) = Extract(message);
        if (entity is null || payload is null)
        {
            Unhandled(message);
            return;
        }

        string shard = _setup.Extractor.ShardId(entity, message);
        if (_buffers.Contains(shard) || !_homes.TryGetValue(shard, out Home? home)) Keep(shard, message);
        else if (_hosted.TryGetValue(shard, out Hosted? hosted) && !hosted.Stopping) hosted.Ref.Forward(new Deliver(entity, payload));
        else if (home.Region.Equals(Self)) Keep(shard, message);
        else home.Region.Forward(message);
    }

    private (string? Entity, object? Payload) Extract(object message) => message switch
    {
        StartEntity start => (start.EntityId, start),
        ShardingEnvelope envelope => (envelope.EntityId, envelope.Message),
        _ => (_setup.Extractor.EntityId(message), _setup.Extractor.EntityMessage(message)),
    };

    private void Keep(string shard, object message)
    {
        bool first = !_buffers.Contains(shard);
        if (!_buffers.TryAdd(shard, message, Sender))
        {
            _log.Warning("{0}: the buffer of {1} messages is full; a message for shard {2} is dropped", _setup.TypeName, _setup.Settings.TuningParameters.BufferSize, shard);
            Context.System.DeadLetters.Tell(message, Sender);
        }
        else if (first)
        {
            AskForHome(shard);
        }
    }

    private void Release(string shard)
    {
        foreach ((object message, IActorRef sender) in _buffers.Take(shard))
        {
            if (_hosted.TryGetValue(shard, out Hosted? hosted))
            {
                (string? entity, object? payload) = Extract(message);
                hosted.Ref.Tell(new Deliver(entity!, payload!), sender);
            }
            else
            {
                _homes[shard].Region.Tell(message, sender);
            }
        }
    }

    private void OnGetState()
    {
        ImmutableArray<IActorRef> shards = [.. _hosted.Values.Select(hosted => hosted.Ref)];
        IActorRef asker = Sender;
        Context.ActorOf(Actors.Props.Create(() => new ShardStateQuery(shards, asker)));
    }

    /// <summary>Starts an entity without a message.</summary>
    public sealed record StartEntity(string EntityId);

    private sealed record Home(IActorRef Region, long Version);

    private sealed record Hosted(IActorRef Ref, long Version, bool Stopping);
}

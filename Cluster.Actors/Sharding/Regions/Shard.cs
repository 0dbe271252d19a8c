namespace Cluster.Actors.Sharding.Regions;

/// <summary>The parent of a shard's entities: starts each with its first message, passivates it, and stops all to move.</summary>
internal sealed class Shard : ReceiveActor, IWithTimers
{
    private readonly string _shardId;
    private readonly Func<string, Props> _entityProps;
    private readonly ClusterShardingSettings _settings;
    private readonly object _handOffStopMessage;
    private readonly SortedDictionary<string, Entity> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> _ids = [];
    private readonly ILoggingAdapter _log;

    public Shard(string shardId, Func<string, Props> entityProps, ClusterShardingSettings settings, object handOffStopMessage)
    {
        _shardId = shardId;
        _entityProps = entityProps;
        _settings = settings;
        _handOffStopMessage = handOffStopMessage;
        _log = Context.GetLogger();
        Running();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    protected override void PreStart()
    {
        TimeSpan idle = _settings.PassivateIdleEntityAfter;
        if (idle > TimeSpan.Zero) Timers.StartPeriodicTimer(IdleTick.Instance, IdleTick.Instance, idle / 2);
    }

    private void Running()
    {
        Receive<Deliver>(OnDeliver);
        Receive<Passivate>(passivate => OnPassivate(Sender, passivate.StopMessage));
        Receive<Terminated>(terminated => OnEntityTerminated(terminated.ActorRef));
        Receive<GetShardState>(_ => Sender.Tell(State()));
        Receive<IdleTick>(_ => OnIdleTick());
        Receive<StopShard>(_ => OnStopShard());
    }

    private void Stopping()
    {
        Receive<Terminated>(terminated =>
        {
            Forget(terminated.ActorRef);
            EndWhenEmpty();
        });
        Receive<StopTimeout>(_ => OnStopTimeout());
        Receive<GetShardState>(_ => Sender.Tell(State()));
        Receive<Deliver>(deliver => Context.Parent.Forward(deliver)); // the region keeps it for the shard's next home
        ReceiveAny(_ => { });
    }

    private void OnDeliver(Deliver deliver)
    {
        if (!_entities.TryGetValue(deliver.EntityId, out Entity? entity)) entity = StartEntity(deliver.EntityId);
        entity.LastMessage = Now;
        if (deliver.Message is ShardRegion.StartEntity) return;
        if (entity.Passivating) Keep(entity, deliver.Message);
        else entity.Ref.Forward(deliver.Message);
    }

    private Entity StartEntity(string id)
    {
        IActorRef started = Context.Watch(Context.ActorOf(_entityProps(id), Uri.EscapeDataString(id)));
        Entity entity = new(started);
        _entities[id] = entity;
        _ids[started] = id;
        return entity;
    }

    private void Keep(Entity entity, object message)
    {
        if (_entities.Values.Sum(other => other.Kept.Count) < _settings.TuningParameters.BufferSize) entity.Kept.Enqueue((message, Sender));
        else Context.System.DeadLetters.Tell(message, Sender);
    }

    private void OnPassivate(IActorRef sender, object stopMessage)
    {
        if (!_ids.TryGetValue(sender, out string? id) || _entities[id].Passivating) return;
        _entities[id].Passivating = true;
        sender.Tell(stopMessage);
    }

    private void OnIdleTick()
    {
        DateTimeOffset now = Now;
        foreach (Entity entity in _entities.Values.Where(entity => now - entity.LastMessage >= _settings.PassivateIdleEntityAfter).ToArray())
            OnPassivate(entity.Ref, PoisonPill.Instance);
    }

    private void OnEntityTerminated(IActorRef ended)
    {
        if (Forget(ended) is not { } gone || gone.Entity.Kept.Count == 0) return;
        Entity next = StartEntity(gone.Id);
        next.LastMessage = Now;
        while (gone.Entity.Kept.TryDequeue(out (object Message, IActorRef Sender) kept)) next.Ref.Tell(kept.Message, kept.Sender);
    }

    private (string Id, Entity Entity)? Forget(IActorRef ended)
    {
        if (!_ids.Remove(ended, out string? id) || !_entities.Remove(id, out Entity? entity)) return null;
        return (id, entity);
    }

    private void OnStopShard()
    {
        foreach (Entity entity in _entities.Values)
        {
            entity.Ref.Tell(_handOffStopMessage);
            while (entity.Kept.TryDequeue(out (object Message, IActorRef Sender) kept))
                Context.Parent.Tell(new Deliver(_ids[entity.Ref], kept.Message), kept.Sender);
        }

        Become(Stopping);
        Timers.StartSingleTimer(StopTimeout.Instance, StopTimeout.Instance, _settings.TuningParameters.HandOffTimeout);
        EndWhenEmpty();
    }

    private void OnStopTimeout()
    {
        _log.Warning("shard {0}: {1} entities did not stop within {2} and are stopped now", _shardId, _entities.Count, _settings.TuningParameters.HandOffTimeout);
        foreach (Entity entity in _entities.Values) Context.Stop(entity.Ref);
    }

    private void EndWhenEmpty()
    {
        if (_entities.Count == 0) Context.Stop(Self);
    }

    private ShardState State() => new(_shardId, [.. _entities.Keys]);

    private sealed class Entity(IActorRef reference)
    {
        public IActorRef Ref { get; } = reference;

        public bool Passivating { get; set; }

        public DateTimeOffset LastMessage { get; set; }

        public Queue<(object Message, IActorRef Sender)> Kept { get; } = new();
    }

    private sealed record IdleTick
    {
        public static IdleTick Instance { get; } = new();
    }

    private sealed record StopTimeout
    {
        public static StopTimeout Instance { get; } = new();
    }
}

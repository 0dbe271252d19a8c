namespace Cluster.Actors.Sharding.Regions;

/// <summary>Gathers the answers of a region's shards for one question, for a short time.</summary>
internal sealed class ShardStateQuery : ReceiveActor
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly ImmutableArray<IActorRef> _shards;
    private readonly IActorRef _asker;
    private readonly HashSet<string> _answered = [];
    private ImmutableHashSet<ShardState> _states = [];

    public ShardStateQuery(ImmutableArray<IActorRef> shards, IActorRef asker)
    {
        _shards = shards;
        _asker = asker;
        Receive<ShardState>(OnShardState);
        Receive<ReceiveTimeout>(_ => Answer());
    }

    protected override void PreStart()
    {
        SetReceiveTimeout(s_patience);
        foreach (IActorRef shard in _shards) shard.Tell(GetShardState.Instance);
        if (_shards.IsEmpty) Answer();
    }

    private void OnShardState(ShardState state)
    {
        if (_answered.Add(state.ShardId)) _states = _states.Add(state);
        if (_answered.Count == _shards.Length) Answer();
    }

    private void Answer()
    {
        _asker.Tell(new CurrentShardRegionState(_states), Context.Parent);
        Context.Stop(Self);
    }
}

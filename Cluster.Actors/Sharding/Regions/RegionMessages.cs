namespace Cluster.Actors.Sharding.Regions;

/// <summary>Region → its shard: a message for an entity, with the original sender.</summary>
internal sealed record Deliver(string EntityId, object Message) : INoSerializationVerificationNeeded;

/// <summary>Region → its shard: stop all entities, then end.</summary>
internal sealed record StopShard : INoSerializationVerificationNeeded
{
    public static StopShard Instance { get; } = new();
}

/// <summary>Region → its shard: who lives here? The shard answers <see cref="ShardState"/>.</summary>
internal sealed record GetShardState : INoSerializationVerificationNeeded
{
    public static GetShardState Instance { get; } = new();
}

/// <summary>Time to repeat what has not been answered.</summary>
internal sealed record RegionTick : INoSerializationVerificationNeeded
{
    public static RegionTick Instance { get; } = new();
}

/// <summary>The node is ending: answer once no shard is left.</summary>
internal sealed record ShutDownRegion(TaskCompletionSource<Done> Stopped) : INoSerializationVerificationNeeded;

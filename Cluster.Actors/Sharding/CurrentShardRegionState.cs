namespace Cluster.Actors.Sharding;

/// <summary>What a region runs.</summary>
/// <param name="Shards">Its shards.</param>
public sealed record CurrentShardRegionState(IImmutableSet<ShardState> Shards);

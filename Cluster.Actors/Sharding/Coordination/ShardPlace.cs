namespace Cluster.Actors.Sharding.Coordination;

/// <summary>Where a shard runs.</summary>
/// <param name="Region">The region.</param>
/// <param name="Version">The decision that put it there.</param>
/// <param name="Started">Whether the region has said that it runs.</param>
internal sealed record ShardPlace(IActorRef Region, long Version, bool Started);

namespace Cluster.Actors.Sharding;

/// <summary>The strategies that come with the engine.</summary>
public static class ShardAllocationStrategy
{
    /// <summary>A new shard goes to the region with the fewest; shards move from regions with more than their share.</summary>
    /// <param name="absoluteLimit">At most so many shards move in one round.</param>
    /// <param name="relativeLimit">At most this part of all shards moves in one round; at least one may.</param>
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) =>
        new LeastShardStrategy(absoluteLimit, relativeLimit);
}

namespace Cluster.Actors.Sharding;

/// <summary>Decides which region runs a shard, and which shards should move.</summary>
public interface IShardAllocationStrategy
{
    /// <summary>The region that shall run the shard.</summary>
    /// <param name="requester">The region that asked first.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="currentShardAllocations">All regions with the shards that they run, in the order of their paths.</param>
    Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations);

    /// <summary>The shards that shall move now; the coordinator calls this from time to time.</summary>
    Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress);
}

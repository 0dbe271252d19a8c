namespace Cluster.Actors.Sharding;

/// <summary>Keeps the numbers of shards of any two regions within one of each other.</summary>
internal sealed class LeastShardStrategy(int absoluteLimit, double relativeLimit) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        Task.FromResult(currentShardAllocations.OrderBy(entry => entry.Value.Count).ThenBy(entry => entry.Key).First().Key);

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        // One round at a time: what moves is counted where it was, so a second round would move too much.
        IImmutableSet<string> chosen = rebalanceInProgress.Count > 0 || currentShardAllocations.Count < 2
            ? ImmutableSortedSet<string>.Empty
            : Surplus(currentShardAllocations);
        return Task.FromResult(chosen);
    }

    private ImmutableSortedSet<string> Surplus(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        int shards = allocations.Sum(entry => entry.Value.Count);
        int limit = Math.Max(1, Math.Min((int)(relativeLimit * shards), absoluteLimit));
        int share = shards / allocations.Count;
        int larger = shards % allocations.Count; // so many regions may have one more than the share
        List<string> moving = [];
        foreach ((_, IImmutableList<string> owned) in allocations.OrderByDescending(entry => entry.Value.Count).ThenBy(entry => entry.Key))
        {
            int keeps = larger > 0 && owned.Count > share ? share + 1 : share;
            if (keeps > share) larger--;
            moving.AddRange(owned.Order(StringComparer.Ordinal).Skip(keeps));
        }

        return [.. moving.Take(limit)];
    }
}

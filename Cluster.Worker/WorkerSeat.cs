namespace Cluster.Worker;

/// <summary>One worker of a node, as the node's data shards find it.</summary>
/// <param name="Options">Its options.</param>
/// <param name="Worker">Whom a shard is lent to.</param>
/// <param name="Pools">Where its shards load their rows.</param>
internal sealed record WorkerSeat(WorkerOptions Options, IActorRef Worker, WorkerPools Pools)
{
    /// <summary>
    /// The worker of a shard: shard s of M lies with worker ⌊s·N / M⌋ of the node's N, so that each has neighbours, whose sums are few.
    /// Shards of which the node has a part only are spread in the same way.
    /// </summary>
    /// <param name="seats">The node's workers, at least one.</param>
    /// <param name="shard">Its number, 0 … <paramref name="shardCount"/> − 1.</param>
    /// <param name="shardCount">M, at least 1.</param>
    public static WorkerSeat Of(ImmutableArray<WorkerSeat> seats, int shard, int shardCount) =>
        seats[(int)Math.Clamp((long)shard * seats.Length / Math.Max(1, shardCount), 0, seats.Length - 1)];
}

using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>Why a worker is asked, beside the round that goes to all.</summary>
internal enum WorkReason
{
    /// <summary>It says only now that it holds them.</summary>
    Arrived,

    /// <summary>It holds them, and has not answered.</summary>
    Repeated,

    /// <summary>It answered, and not all of it reached the servers of ranges.</summary>
    PartsLost,

    /// <summary>Their worker is lost, or cannot be heard.</summary>
    StandsIn,

    /// <summary>Their worker is late.</summary>
    BacksUp,

    /// <summary>Their worker says that they cannot be computed.</summary>
    Checks,
}

/// <summary>What one worker is asked for.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Shards">The micro-batches, ascending.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct WorkOrder(WorkerId Worker, ImmutableArray<int> Shards, WorkReason Reason)
{
    /// <summary>Whether it is sent the round's state, which it may lack.</summary>
    public bool SendsState => Reason is WorkReason.Arrived or WorkReason.Repeated;

    /// <summary>Whether the micro-batches are named to it; by the state alone a worker computes what it holds.</summary>
    public bool NamesShards => Reason is not WorkReason.Arrived;

    /// <summary>Deals micro-batches out in runs as long as each other: neighbours make few sums.</summary>
    /// <param name="shards">Ascending.</param>
    /// <param name="among">Who is free; those that get nothing are left out.</param>
    /// <param name="reason">Why.</param>
    public static WorkOrder[] Deal(int[] shards, ShardHost[] among, WorkReason reason)
    {
        WorkOrder[] orders = new WorkOrder[Math.Min(among.Length, shards.Length)];
        for (int i = 0; i < orders.Length; i++)
            orders[i] = new WorkOrder(among[i].Id, [.. shards[(i * shards.Length / orders.Length)..((i + 1) * shards.Length / orders.Length)]], reason);
        return orders;
    }
}

/// <summary>What the assignment wants done.</summary>
/// <param name="Work">Who is asked for what.</param>
/// <param name="Open">Shards that sharding is asked to find a home for, in this order.</param>
internal readonly record struct WorkOrders(IReadOnlyList<WorkOrder> Work, ImmutableArray<int> Open)
{
    /// <summary>Nothing.</summary>
    public static WorkOrders None { get; } = new([], []);

    /// <summary>Work alone.</summary>
    public static WorkOrders Of(params IReadOnlyList<WorkOrder> work) => new(work, []);
}

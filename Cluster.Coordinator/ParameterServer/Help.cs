namespace Cluster.Coordinator.ParameterServer;

/// <summary>What one worker is asked to compute for another.</summary>
/// <param name="Helper">Who is asked.</param>
/// <param name="Shards">The micro-batches, ascending.</param>
internal readonly record struct Help(HostingWorker Helper, ImmutableArray<int> Shards)
{
    /// <summary>Deals micro-batches out in runs as long as each other: neighbours make few sums.</summary>
    /// <param name="shards">Ascending.</param>
    /// <param name="among">Who is free; those that get nothing are left out.</param>
    public static Help[] Deal(int[] shards, HostingWorker[] among)
    {
        Help[] plan = new Help[Math.Min(among.Length, shards.Length)];
        for (int i = 0; i < plan.Length; i++)
            plan[i] = new Help(among[i], [.. shards[(i * shards.Length / plan.Length)..((i + 1) * shards.Length / plan.Length)]]);
        return plan;
    }
}

namespace Cluster.Messages.Node;

/// <summary>What a node of the cluster can do.</summary>
public static class NodeRoles
{
    /// <summary>Contact point: membership, HTTP API, progress.</summary>
    public const string Seed = "seed";

    /// <summary>Runs the jobs: job manager, job coordinators, parameter servers.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Holds data shards and computes.</summary>
    public const string Worker = "worker";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Seed, Coordinator, Worker];
}

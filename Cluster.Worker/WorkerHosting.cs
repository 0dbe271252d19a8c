using Cluster.Messages.Node;

namespace Cluster.Worker;

/// <summary>Adds the role worker to a node.</summary>
public static class WorkerHosting
{
    /// <summary>The node is a worker that computes on the node's threads; it is registered as <see cref="WorkerNode"/>.</summary>
    /// <param name="builder">Of a node with the role worker.</param>
    /// <param name="options">The worker's options, given the node.</param>
    public static AkkaConfigurationBuilder WithWorker(this AkkaConfigurationBuilder builder, Func<ClusterNode, WorkerOptions> options) =>
        builder.WithActors((system, registry) =>
        {
            ClusterNode node = ClusterNode.Of(system);
            registry.Register<WorkerNode>(WorkerNode.Start(system, options(node), new WorkerPools(node.Compute)).Worker);
        });

    /// <summary>The node has several workers, each with threads that are its own; the first is registered as <see cref="WorkerNode"/>.</summary>
    /// <param name="builder">Of a node with the role worker.</param>
    /// <param name="workers">At least one.</param>
    public static AkkaConfigurationBuilder WithWorkers(this AkkaConfigurationBuilder builder, ImmutableArray<(WorkerOptions Options, WorkerPools Pools)> workers) =>
        builder.WithActors((system, registry) => registry.Register<WorkerNode>(WorkerNode.Start(system, workers)[0].Worker));
}

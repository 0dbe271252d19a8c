using Cluster.Messages.Node;

namespace Cluster.Coordinator;

/// <summary>Adds the role coordinator to a node.</summary>
internal static class CoordinatorHosting
{
    /// <summary>The node runs the jobs, or stands by to; the manager of the cluster's only job manager is registered as <see cref="CoordinatorNode"/>.</summary>
    /// <param name="builder">Of a node with the role coordinator.</param>
    /// <param name="options">The coordinator's options, given the node.</param>
    public static AkkaConfigurationBuilder WithCoordinator(this AkkaConfigurationBuilder builder, Func<ClusterNode, CoordinatorOptions> options) =>
        builder.WithActors((system, registry) => registry.Register<CoordinatorNode>(CoordinatorNode.Start(system, options(ClusterNode.Of(system))).Manager));
}

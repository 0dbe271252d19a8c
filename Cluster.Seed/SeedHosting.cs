using Cluster.Seed.Telemetry;

namespace Cluster.Seed;

/// <summary>Adds the role seed to a node.</summary>
public static class SeedHosting
{
    /// <summary>The node is a contact point: its progress hub is registered as <see cref="SeedNode"/>.</summary>
    /// <param name="builder">Of a node with the role seed.</param>
    public static AkkaConfigurationBuilder WithSeed(this AkkaConfigurationBuilder builder) => WithSeed(builder, null);

    /// <summary>The same, with figures.</summary>
    /// <param name="builder">Of a node with the role seed.</param>
    /// <param name="metrics">Told what jobs report; null if no figures are collected.</param>
    internal static AkkaConfigurationBuilder WithSeed(this AkkaConfigurationBuilder builder, JobMetrics? metrics) =>
        builder.WithActors((system, registry) => registry.Register<SeedNode>(SeedNode.Start(system, metrics).Progress));
}

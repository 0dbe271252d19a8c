namespace Cluster.Actors.Membership;

/// <summary>Makes a system's <see cref="Cluster"/>.</summary>
public sealed class ClusterExtension : ExtensionIdProvider<Cluster>
{
    public override Cluster CreateExtension(ExtendedActorSystem system) => new(system);
}

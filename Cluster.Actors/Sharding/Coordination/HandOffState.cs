namespace Cluster.Actors.Sharding.Coordination;

/// <summary>A shard on its way from one region to another.</summary>
/// <param name="Version">The decision to move it.</param>
/// <param name="From">The region that runs it.</param>
/// <param name="Awaiting">Regions that may still send messages to the old home; empty once it is being stopped.</param>
internal sealed record HandOffState(long Version, IActorRef From, ImmutableSortedSet<IActorRef> Awaiting)
{
    public bool Stopping => Awaiting.IsEmpty;
}

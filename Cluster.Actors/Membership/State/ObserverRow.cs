namespace Cluster.Actors.Membership.State;

/// <summary>What one node says of itself: whom it cannot hear, and which member table it has seen. Only that node writes it.</summary>
/// <param name="Version">Grows with each change.</param>
/// <param name="Unreachable">Whom it has not heard for too long.</param>
/// <param name="SeenDigest">The digest of the member table that it holds.</param>
internal sealed record ObserverRow(long Version, ImmutableSortedSet<UniqueAddress> Unreachable, ulong SeenDigest)
{
    public static ObserverRow Empty { get; } = new(0, [], 0);
}

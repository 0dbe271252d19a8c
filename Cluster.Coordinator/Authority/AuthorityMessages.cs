namespace Cluster.Coordinator.Authority;

// Between the keeper of the authority and its own background work; no part of the protocol.

/// <summary>Asks for the lease, or for more of it.</summary>
internal sealed record LeaseTick
{
    public static readonly LeaseTick Instance = new();
}

/// <summary>What the lease store said.</summary>
/// <param name="Request">To which request.</param>
/// <param name="Lease">How the lease stands; null if it could not say.</param>
/// <param name="Error">Why not.</param>
internal sealed record LeaseAnswered(int Request, Lease? Lease, Exception? Error);

/// <summary>The singleton is to move to another node: stop writing, give the lease back, stop.</summary>
internal sealed record HandOver
{
    public static readonly HandOver Instance = new();
}

/// <summary>The lease has been given back, or could not be.</summary>
internal sealed record LeaseReleased
{
    public static readonly LeaseReleased Instance = new();
}

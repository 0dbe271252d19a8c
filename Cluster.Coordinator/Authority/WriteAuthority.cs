using Cluster.Coordinator.Checkpoints;

namespace Cluster.Coordinator.Authority;

/// <summary>What a coordinator's actors write under: the token of one grant of the lease.</summary>
/// <param name="token">Of the grant; 0 if there is no lease.</param>
/// <param name="leases">Knows the newest grant; null if there is no lease.</param>
internal sealed class WriteAuthority(long token, ILeaseStore? leases)
{
    /// <summary>Of actors that nothing competes with.</summary>
    public static readonly WriteAuthority Unchallenged = new(0, null);

    /// <summary>The grant's token.</summary>
    public long Token { get; } = token;

    /// <summary>Since when, by the scheduler's clock, the node was to run the jobs: others had been found lost, or it was the first.</summary>
    public TimeSpan WantedSince { get; init; }

    /// <summary>Refuses a write that somebody else is entitled to by now.</summary>
    /// <param name="place">What was to be written.</param>
    /// <exception cref="AuthorityLostException">There is a newer grant.</exception>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    public void Require(string place)
    {
        if (leases is null) return;
        long newest = leases.NewestToken();
        if (newest != Token) throw new AuthorityLostException(place, Token, newest);
    }
}

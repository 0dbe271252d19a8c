using Cluster.Coordinator.Checkpoints;

namespace Cluster.Coordinator.Authority;

/// <summary>
/// The lease on a journal: who may write what is in it, and its jobs' checkpoints and models. Each grant has a token greater
/// than all before it. Time is the database's own. Blocking, each call with a time limit.
/// </summary>
internal interface ILeaseStore
{
    /// <summary>Takes the lease if nobody has it, it has expired, or the holder's former life had it.</summary>
    /// <param name="holder">Names the holder: no two live ones have the same name.</param>
    /// <param name="duration">How long it lasts unless renewed.</param>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    Lease Acquire(string holder, TimeSpan duration);

    /// <summary>Makes the lease last longer, as long as nobody else has taken it, be it expired or not.</summary>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    Lease Renew(long token, TimeSpan duration);

    /// <summary>Gives the lease back, so that the next holder need not wait for it to expire.</summary>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    void Release(long token);

    /// <summary>The token of the newest grant. May be called from any thread.</summary>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    long NewestToken();
}

/// <summary>How the lease stands after a request.</summary>
/// <param name="IsGranted">Whether the asker has it.</param>
/// <param name="Token">Of the newest grant.</param>
/// <param name="Holder">Whose that is.</param>
/// <param name="Remaining">How long it lasts.</param>
internal sealed record Lease(bool IsGranted, long Token, string Holder, TimeSpan Remaining);

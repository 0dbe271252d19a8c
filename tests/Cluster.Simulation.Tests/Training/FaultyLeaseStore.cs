using Cluster.Coordinator.Authority;

namespace Cluster.Simulation.Tests.Training;

/// <summary>What is wrong with the authority, to show that the simulation would notice.</summary>
internal enum AuthorityBug
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Lease: a former holder renews what is another's by now.</summary>
    RenewIgnoresNewGrants,

    /// <summary>Lease: a standby is let in while the holder's lease lasts.</summary>
    AcquireIgnoresExpiry,

    /// <summary>Lease: a lost holder keeps it for ever.</summary>
    NeverExpires,

    /// <summary>Hand-over: the next holder writes under the token of the last.</summary>
    HandsTheTokenOn,

    /// <summary>Hand-over: the next holder starts although the lease was refused.</summary>
    StartsWithoutLease,

    /// <summary>Fencing: journal, checkpoints and models take whatever comes.</summary>
    StoreIgnoresTokens,
}

/// <summary>A lease with a planted bug.</summary>
internal sealed class FaultyLeaseStore(TimeProvider time, AuthorityBug bug) : MemoryLeaseStore(time)
{
    public override Lease Acquire(string holder, TimeSpan duration)
    {
        switch (bug)
        {
            case AuthorityBug.AcquireIgnoresExpiry:
                Holder = holder;
                break;
            case AuthorityBug.HandsTheTokenOn when Token > 0:
                Token--;
                break;
            case AuthorityBug.NeverExpires when Token > 0 && holder != Holder:
                return Answer(granted: false) with { Remaining = duration };
        }
        Lease lease = base.Acquire(holder, duration);
        if (bug == AuthorityBug.HandsTheTokenOn && !lease.IsGranted) Token++;
        return bug == AuthorityBug.StartsWithoutLease ? lease with { IsGranted = true, Token = lease.Token + (lease.IsGranted ? 0 : 1) } : lease;
    }

    public override Lease Renew(long token, TimeSpan duration)
    {
        if (bug == AuthorityBug.RenewIgnoresNewGrants) Token = token;
        return base.Renew(token, duration);
    }
}

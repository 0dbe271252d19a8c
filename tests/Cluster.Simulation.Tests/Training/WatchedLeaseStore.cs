using Cluster.Coordinator.Authority;

namespace Cluster.Simulation.Tests.Training;

/// <summary>Lets every request through to a lease store and checks what it answers against the rules of a lease.</summary>
internal sealed class WatchedLeaseStore(ILeaseStore inner, TimeProvider time, OneWriter writers) : ILeaseStore
{
    private long _token;
    private DateTimeOffset _expires;

    /// <summary>Who took it last.</summary>
    public string Holder { get; private set; } = string.Empty;

    /// <summary>How often it was taken.</summary>
    public int Grants { get; private set; }

    public Lease Acquire(string holder, TimeSpan duration)
    {
        Lease lease = inner.Acquire(holder, duration);
        if (!lease.IsGranted) return lease;
        Grants++;
        if (lease.Token <= _token) writers.Report($"lease: wanted a grant to {holder} with a token after {_token}, got {lease.Token}");
        if (holder != Holder && time.GetUtcNow() < _expires) writers.Report($"lease: wanted {holder} to wait for {Holder}, whose lease lasts, got a grant");
        (_token, Holder, _expires) = (lease.Token, holder, time.GetUtcNow() + duration);
        writers.OnGrant(lease.Token);
        return lease;
    }

    public Lease Renew(long token, TimeSpan duration)
    {
        Lease lease = inner.Renew(token, duration);
        if (!lease.IsGranted) return lease;
        if (token != _token) writers.Report($"lease: wanted token {_token} to be renewed alone, got a renewal of {token}");
        _expires = time.GetUtcNow() + duration;
        return lease;
    }

    public void Release(long token)
    {
        inner.Release(token);
        if (token == _token) _expires = time.GetUtcNow();
    }

    public long NewestToken() => inner.NewestToken();
}

namespace Cluster.Coordinator.Authority;

/// <summary>A lease in memory, with the rules of the databases: for the nodes of one process or one simulation.</summary>
/// <param name="time">Decides when it expires.</param>
internal class MemoryLeaseStore(TimeProvider time) : ILeaseStore
{
    private readonly Lock _gate = new();

    /// <summary>When the lease expires.</summary>
    protected DateTimeOffset Expires { get; set; }

    /// <summary>Whose it is.</summary>
    protected string Holder { get; set; } = string.Empty;

    /// <summary>The newest grant.</summary>
    protected long Token { get; set; }

    /// <summary>Whether it has run out.</summary>
    protected bool IsExpired => time.GetUtcNow() >= Expires;

    public virtual Lease Acquire(string holder, TimeSpan duration)
    {
        lock (_gate)
        {
            if (!IsExpired && holder != Holder) return Answer(granted: false);
            (Token, Holder, Expires) = (Token + 1, holder, time.GetUtcNow() + duration);
            return Answer(granted: true);
        }
    }

    public virtual Lease Renew(long token, TimeSpan duration)
    {
        lock (_gate)
        {
            if (token != Token) return Answer(granted: false);
            Expires = time.GetUtcNow() + duration;
            return Answer(granted: true);
        }
    }

    public void Release(long token)
    {
        lock (_gate)
        {
            if (token == Token) Expires = time.GetUtcNow();
        }
    }

    public long NewestToken()
    {
        lock (_gate) return Token;
    }

    /// <summary>How it stands.</summary>
    protected Lease Answer(bool granted) => new(granted, Token, Holder, Expires - time.GetUtcNow());
}

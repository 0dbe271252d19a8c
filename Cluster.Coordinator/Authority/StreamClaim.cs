namespace Cluster.Coordinator.Authority;

/// <summary>How a persistent actor makes itself the only writer of its stream before it does anything else.</summary>
/// <param name="authority">What it writes under.</param>
internal sealed class StreamClaim(WriteAuthority authority)
{
    private long _newest;

    /// <summary>A writer that is on record.</summary>
    public void OnRecovered(AuthorityTaken taken) => _newest = Math.Max(_newest, taken.Token);

    /// <summary>Puts the actor on record as the writer, if it is not, then begins. To be called when the recovery is complete.</summary>
    /// <exception cref="AuthorityLostException">A later writer is on record.</exception>
    public void Begin(Eventsourced actor, Action begin)
    {
        if (_newest > authority.Token) throw new AuthorityLostException(actor.PersistenceId, authority.Token, _newest);
        if (_newest == authority.Token) begin();
        else
            actor.Persist(new AuthorityTaken(authority.Token), taken =>
            {
                OnRecovered(taken);
                begin();
            });
    }
}

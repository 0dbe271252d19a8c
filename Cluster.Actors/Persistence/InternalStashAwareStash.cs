namespace Cluster.Actors.Persistence;

/// <summary>
/// The actor's own stash. While events are persisted the engine keeps commands in a stash of its own, which is emptied one at
/// a time; so what the actor unstashes must go before those, not before the mailbox.
/// </summary>
internal sealed class InternalStashAwareStash(IStash user, IStash kept) : IStash
{
    public void Stash() => user.Stash();

    public void Unstash() => user.Unstash();

    public void UnstashAll() => kept.Prepend(user.ClearStash());

    public void UnstashAll(Func<Envelope, bool> predicate) => user.UnstashAll(predicate);

    public IEnumerable<Envelope> ClearStash() => user.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => user.Prepend(envelopes);
}

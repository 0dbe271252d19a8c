namespace Cluster.Actors;

/// <summary>Keeps messages for later.</summary>
public interface IStash
{
    /// <summary>Keeps the current message; it can be kept once.</summary>
    void Stash();

    /// <summary>Puts the oldest kept message before all that wait.</summary>
    void Unstash();

    /// <summary>Puts all kept messages before all that wait, in the order in which they came.</summary>
    void UnstashAll();

    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Forgets the kept messages and returns them.</summary>
    IEnumerable<Envelope> ClearStash();

    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor with a stash, which its cell sets before PreStart.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}

/// <summary>An actor whose stash takes any number of messages.</summary>
public interface IWithUnboundedStash : IActorStash;

internal sealed class Stash(ActorCell cell) : IStash
{
    private LinkedList<Envelope> _kept = new();
    private long _lastKept = -1;

    void IStash.Stash()
    {
        if (_lastKept == cell.HandledMessages)
            throw new IllegalActorStateException($"{cell.Self.Path}: wanted to stash a message once, got it twice: {cell.CurrentEnvelope.Message}; stash it in one place.");
        _lastKept = cell.HandledMessages;
        _kept.AddLast(cell.CurrentEnvelope);
    }

    public void Unstash()
    {
        if (_kept.First is not { } oldest)
            return;
        _kept.RemoveFirst();
        cell.Prepend([oldest.Value]);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_kept.Count == 0)
            return;
        Envelope[] wanted = [.. _kept.Where(predicate)];
        _kept = new LinkedList<Envelope>();
        cell.Prepend(wanted);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        LinkedList<Envelope> all = _kept;
        _kept = new LinkedList<Envelope>();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (Envelope envelope in envelopes.Reverse())
            _kept.AddFirst(envelope);
    }
}

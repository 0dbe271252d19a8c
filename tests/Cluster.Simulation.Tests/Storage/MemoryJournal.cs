namespace Cluster.Simulation.Tests.Storage;

/// <summary>The table of events that all coordinators share: it outlives them all. A number of a stream is given away once.</summary>
internal sealed class MemoryJournal
{
    private readonly Dictionary<string, SortedDictionary<long, StoredEvent>> _streams = new(StringComparer.Ordinal);

    /// <summary>Whether a number that is taken is refused; only a simulation that looks for the consequences says no.</summary>
    public bool RefusesTakenNumbers { get; init; } = true;

    /// <summary>Told of each event that was let in; null for nobody.</summary>
    public Action<StoredEvent>? Observer { get; init; }

    /// <summary>Writes all of them or none.</summary>
    /// <exception cref="InvalidOperationException">A number is taken.</exception>
    public void Append(IReadOnlyList<StoredEvent> events)
    {
        foreach (StoredEvent stored in events)
            if (RefusesTakenNumbers && Of(stored.Stream).ContainsKey(stored.Number))
                throw new InvalidOperationException($"{stored.Stream}: wanted a number that is free, got {stored.Number}, which another writer has taken");
        foreach (StoredEvent stored in events)
        {
            Of(stored.Stream)[stored.Number] = stored;
            Observer?.Invoke(stored);
        }
    }

    /// <summary>Events of a stream, in order.</summary>
    public IReadOnlyList<StoredEvent> Read(string stream, long from, long to) => [.. Of(stream).Values.Where(stored => stored.Number >= from && stored.Number <= to)];

    /// <summary>The greatest number of a stream; 0 if it is empty.</summary>
    public long HighestOf(string stream) => Of(stream).Count == 0 ? 0 : Of(stream).Keys.Max();

    private SortedDictionary<long, StoredEvent> Of(string stream)
    {
        if (!_streams.TryGetValue(stream, out SortedDictionary<long, StoredEvent>? events)) _streams[stream] = events = [];
        return events;
    }
}

namespace Cluster.Actors.Persistence.Storage;

/// <summary>
/// A disk in memory: what has been written outlives the nodes that wrote it. Each start of a node opens a
/// <see cref="MemoryStore"/> on it. Thread-safe.
/// </summary>
public sealed class MemoryPersistence
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stream> _streams = [];
    private readonly Dictionary<string, ImmutableSortedDictionary<long, StoredSnapshot>> _snapshots = [];
    private long _token;

    /// <summary>Names the disk in error messages.</summary>
    public string Name { get; init; } = "memory";

    /// <summary>Told of every access that was let through, for the invariants of a simulation; null for nobody.</summary>
    public Action<StoreAccess>? Observer { get; init; }

    /// <summary>Whether tokens are checked; only a simulation that looks for the consequences says no.</summary>
    public bool ChecksTokens { get; init; } = true;

    /// <summary>Opens the disk for one life of a node.</summary>
    /// <param name="time">Whose timers delay the answers; virtual in a simulation.</param>
    /// <param name="delay">How long each request takes; null for at once.</param>
    /// <param name="crash">Decides, for each request in flight when the node crashes, whether it still takes effect; null: none does.</param>
    public MemoryStore Open(TimeProvider time, Func<TimeSpan>? delay = null, Func<bool>? crash = null) =>
        new(this, time, delay, crash);

    internal void Raise(long token)
    {
        lock (_lock)
        {
            if (token <= _token) throw new StaleWriterException(Name, token, _token);
            _token = token;
        }
    }

    internal void Append(IReadOnlyList<StoredEvent> events, long token)
    {
        lock (_lock)
        {
            RequireNewest(token);
            Dictionary<string, Stream> changed = [];
            foreach (StoredEvent stored in events)
            {
                Stream stream = changed.GetValueOrDefault(stored.PersistenceId) ?? Of(stored.PersistenceId);
                if (stored.SequenceNr <= stream.Highest)
                    throw new DuplicateEventException(Name, stored.PersistenceId, stored.SequenceNr, stream.Highest);
                changed[stored.PersistenceId] = stream with
                {
                    Events = stream.Events.SetItem(stored.SequenceNr, stored),
                    Highest = stored.SequenceNr,
                };
            }

            foreach ((string id, Stream stream) in changed)
            {
                _streams[id] = stream;
                Observer?.Invoke(new StoreAccess(id, token, Writes: true));
            }
        }
    }

    internal EventPage Page(string persistenceId, long from, long to, int count, long token)
    {
        lock (_lock)
        {
            Observer?.Invoke(new StoreAccess(persistenceId, token, Writes: false));
            Stream stream = Of(persistenceId);
            ImmutableArray<StoredEvent>.Builder events = ImmutableArray.CreateBuilder<StoredEvent>();
            long last = Math.Min(to, stream.Highest);
            for (long number = Math.Max(from, stream.DeletedTo + 1); number <= last && events.Count < count; number++)
            {
                if (stream.Events.TryGetValue(number, out StoredEvent? stored)) events.Add(stored);
            }

            return new EventPage(events.DrainToImmutable(), stream.Highest, stream.DeletedTo);
        }
    }

    internal void Delete(string persistenceId, long to, long token)
    {
        lock (_lock)
        {
            RequireNewest(token);
            Stream stream = Of(persistenceId);
            _streams[persistenceId] = stream with
            {
                Events = stream.Events.RemoveRange(stream.Events.Keys.Where(number => number <= to)),
                DeletedTo = Math.Max(stream.DeletedTo, Math.Min(to, stream.Highest)),
            };
        }
    }

    internal void Save(StoredSnapshot snapshot, long token)
    {
        lock (_lock)
        {
            RequireNewest(token);
            string id = snapshot.Metadata.PersistenceId;
            _snapshots[id] = SnapshotsOf(id).SetItem(snapshot.Metadata.SequenceNr, snapshot);
        }
    }

    internal SnapshotRead Load(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_lock)
        {
            StoredSnapshot? newest = SnapshotsOf(persistenceId).Values.LastOrDefault(stored => criteria.Matches(stored.Metadata));
            return new SnapshotRead(newest, []);
        }
    }

    internal void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria, long token)
    {
        lock (_lock)
        {
            RequireNewest(token);
            ImmutableSortedDictionary<long, StoredSnapshot> all = SnapshotsOf(persistenceId);
            _snapshots[persistenceId] = all.RemoveRange(all.Where(entry => criteria.Matches(entry.Value.Metadata)).Select(entry => entry.Key));
        }
    }

    private void RequireNewest(long token)
    {
        if (ChecksTokens && token != _token) throw new StaleWriterException(Name, token, _token);
    }

    private Stream Of(string persistenceId) => _streams.GetValueOrDefault(persistenceId, Stream.Empty);

    private ImmutableSortedDictionary<long, StoredSnapshot> SnapshotsOf(string persistenceId) =>
        _snapshots.GetValueOrDefault(persistenceId, ImmutableSortedDictionary<long, StoredSnapshot>.Empty);

    private sealed record Stream(ImmutableSortedDictionary<long, StoredEvent> Events, long Highest, long DeletedTo)
    {
        public static Stream Empty { get; } = new(ImmutableSortedDictionary<long, StoredEvent>.Empty, 0, 0);
    }
}

namespace Cluster.Actors.Persistence.Storage;

/// <summary>
/// One node's connection to a <see cref="MemoryPersistence"/>. Requests take effect one after another, each after its
/// delay. Disposing it is the node's crash: requests in flight are lost (or, where the simulation wants it, still take
/// effect), and nobody is told.
/// </summary>
public sealed class MemoryStore : IPersistenceStore
{
    private readonly MemoryPersistence _disk;
    private readonly TimeProvider _time;
    private readonly Func<TimeSpan>? _delay;
    private readonly Func<bool>? _crash;
    private readonly Lock _lock = new();
    private readonly Queue<Request> _requests = new();
    private ITimer? _timer;
    private long _token;
    private bool _closed;

    internal MemoryStore(MemoryPersistence disk, TimeProvider time, Func<TimeSpan>? delay, Func<bool>? crash)
    {
        _disk = disk;
        _time = time;
        _delay = delay;
        _crash = crash;
    }

    /// <summary>The disk that it writes to.</summary>
    internal MemoryPersistence Disk => _disk;

    /// <inheritdoc/>
    public void Raise(long token, Action<Exception?> completed)
    {
        _token = token;
        Enqueue(() => _disk.Raise(token), completed);
    }

    /// <inheritdoc/>
    public void Write(IReadOnlyList<StoredEvent> events, Action<Exception?> completed)
    {
        long token = _token;
        Enqueue(() => _disk.Append(events, token), completed);
    }

    /// <inheritdoc/>
    public void Read(string persistenceId, long from, long to, int count, Action<EventPage?, Exception?> completed)
    {
        EventPage? page = null;
        long token = _token;
        Enqueue(() => page = _disk.Page(persistenceId, from, to, count, token), error => completed(page, error));
    }

    /// <inheritdoc/>
    public void DeleteEvents(string persistenceId, long to, Action<Exception?> completed)
    {
        long token = _token;
        Enqueue(() => _disk.Delete(persistenceId, to, token), completed);
    }

    /// <inheritdoc/>
    public void SaveSnapshot(StoredSnapshot snapshot, Action<Exception?> completed)
    {
        long token = _token;
        Enqueue(() => _disk.Save(snapshot, token), completed);
    }

    /// <inheritdoc/>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, Action<SnapshotRead?, Exception?> completed)
    {
        SnapshotRead? read = null;
        Enqueue(() => read = _disk.Load(persistenceId, criteria), error => completed(read, error));
    }

    /// <inheritdoc/>
    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria, Action<Exception?> completed)
    {
        long token = _token;
        Enqueue(() => _disk.DeleteSnapshots(persistenceId, criteria, token), completed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            _timer?.Dispose();
            while (_requests.TryDequeue(out Request? request))
            {
                if (_crash is not null && _crash()) Run(request.Effect);
                else break; // a later request cannot outlive an earlier one of the same node
            }

            _requests.Clear();
        }
    }

    private void Enqueue(Action effect, Action<Exception?> completed)
    {
        if (_delay is null)
        {
            if (!_closed) completed(Run(effect));
            return;
        }

        lock (_lock)
        {
            if (_closed) return;
            _requests.Enqueue(new Request(effect, completed));
            if (_requests.Count == 1) Schedule();
        }
    }

    private void Schedule()
    {
        _timer?.Dispose();
        _timer = _time.CreateTimer(_ => RunNext(), null, _delay!(), Timeout.InfiniteTimeSpan);
    }

    private void RunNext()
    {
        Request? request;
        Exception? error;
        lock (_lock)
        {
            if (_closed || !_requests.TryDequeue(out request)) return;
            error = Run(request.Effect);
            if (_requests.Count > 0) Schedule();
        }

        request.Completed(error);
    }

    private static Exception? Run(Action effect)
    {
        try
        {
            effect();
            return null;
        }
        catch (Exception refused) when (refused is DuplicateEventException or StaleWriterException)
        {
            return refused;
        }
    }

    private sealed record Request(Action Effect, Action<Exception?> Completed);
}

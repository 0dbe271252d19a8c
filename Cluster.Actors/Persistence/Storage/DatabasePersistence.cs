using System.Data.Common;
using System.Threading.Channels;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>
/// Events and snapshots in a database. All requests go through one thread in the order in which they came; writes that wait
/// together are committed together, so that many actors share one flush of the disk. Every row has a checksum.
/// </summary>
/// <remarks>
/// Outage  where the database cannot be reached, or cuts a connection, the requests wait and are tried again until
///         <see cref="OutageDeadline"/>; then they fail. A commit whose outcome was lost with its connection is looked up, not repeated.
/// </remarks>
public abstract class DatabasePersistence : IPersistenceStore
{
    /// <summary>At most this many writes share a commit.</summary>
    public const int CommitGroupMax = 512;

    /// <summary>At most this many requests wait; a further one blocks its caller until the disk has caught up.</summary>
    public const int RequestsMax = 65_536;

    /// <summary>A database that is just starting, or too busy to answer in time, is asked so often before a node gives up.</summary>
    private const int OpenAttempts = 6;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Channel<StoreRequest> _requests;
    private readonly JournalTables _tables;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _closing = new();
    private long _token;
    private int _closed;

    /// <summary>Opens the database and brings its tables up to date.</summary>
    private protected DatabasePersistence(JournalDatabase database)
    {
        _tables = Open(database);
        _requests = Channel.CreateBounded<StoreRequest>(new BoundedChannelOptions(RequestsMax) { SingleReader = true });
        _thread = new Thread(Run) { Name = "persistence " + database.Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>How long a request waits for a database that cannot be reached. Shorter: a restart of the server fails jobs; longer: callers hear late.</summary>
    public TimeSpan OutageDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public void Raise(long token, Action<Exception?> completed)
    {
        Interlocked.Exchange(ref _token, token);
        Enqueue(new StoreRequest(null, () => _tables.InTransaction(() => _tables.Raise(token)), completed));
    }

    /// <inheritdoc/>
    public void Write(IReadOnlyList<StoredEvent> events, Action<Exception?> completed) => Enqueue(() => _tables.Append(events), completed);

    /// <inheritdoc/>
    public void Read(string persistenceId, long from, long to, int count, Action<EventPage?, Exception?> completed)
    {
        EventPage? page = null;
        Enqueue(new StoreRequest(null, () => page = _tables.Page(persistenceId, from, to, count), error => completed(page, error)));
    }

    /// <inheritdoc/>
    public void DeleteEvents(string persistenceId, long to, Action<Exception?> completed) =>
        Enqueue(() => _tables.Delete(persistenceId, to), completed);

    /// <inheritdoc/>
    public void SaveSnapshot(StoredSnapshot snapshot, Action<Exception?> completed) => Enqueue(() => _tables.Save(snapshot), completed);

    /// <inheritdoc/>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, Action<SnapshotRead?, Exception?> completed)
    {
        SnapshotRead? read = null;
        Enqueue(new StoreRequest(null, () => read = _tables.Load(persistenceId, criteria), error => completed(read, error)));
    }

    /// <inheritdoc/>
    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria, Action<Exception?> completed) =>
        Enqueue(() => _tables.DeleteSnapshots(persistenceId, criteria), completed);

    /// <summary>Finishes what waits, then closes the connection. During an outage what waits fails at once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _requests.Writer.Complete();
        _closing.Set();
        if (Thread.CurrentThread != _thread) _thread.Join(CloseTimeout);
        GC.SuppressFinalize(this);
    }

    private JournalTables Open(JournalDatabase database)
    {
        TimeSpan pause = ShortestPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new JournalTables(database);
            }
            catch (Exception error) when (attempt < OpenAttempts && IsOutcome(error) && database.IsOutage(error))
            {
                _closing.Wait(pause);
                pause = Longer(pause);
            }
        }
    }

    private void Enqueue(Action effect, Action<Exception?> completed) =>
        Enqueue(new StoreRequest(Interlocked.Read(ref _token), effect, completed));

    private void Enqueue(StoreRequest request)
    {
        while (!_requests.Writer.TryWrite(request))
        {
            if (!_requests.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                request.Completed(new ObjectDisposedException(GetType().Name, $"{_tables.Name}: the store is closed."));
                return;
            }
        }
    }

    private void Run()
    {
        List<StoreRequest> group = [];
        while (_requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_requests.Reader.TryRead(out StoreRequest? request))
            {
                if (request.Token is not null)
                {
                    group.Add(request);
                    if (group.Count < CommitGroupMax) continue;
                }

                Commit(group);
                if (request.Token is null) request.Completed(Persevere(request.Effect));
            }

            Commit(group);
        }

        _tables.Dispose();
    }

    /// <summary>One transaction for the group; a request that fails leaves no trace and does not harm its neighbours.</summary>
    private void Commit(List<StoreRequest> group)
    {
        if (group.Count == 0) return;
        Exception?[] outcomes = new Exception?[group.Count];
        Exception? failure = Persevere(() => _tables.InTransaction(group.Count, index => outcomes[index] = Attempt(group[index])));
        for (int index = 0; index < group.Count; index++) group[index].Completed(outcomes[index] ?? failure);
        group.Clear();
    }

    private Exception? Attempt(StoreRequest request)
    {
        try
        {
            _tables.RequireNewest(request.Token!.Value);
            request.Effect();
            return null;
        }
        catch (Exception error) when (IsOutcome(error) && !_tables.IsOutage(error))
        {
            return error;
        }
    }

    /// <summary>Does it, through as many lost connections as the deadline has room for.</summary>
    private Exception? Persevere(Action effect)
    {
        long begun = TimeProvider.System.GetTimestamp();
        TimeSpan pause = ShortestPause;
        for (bool again = false; ; again = true)
        {
            try
            {
                _tables.Connect(again);
                effect();
                return null;
            }
            catch (Exception error) when (IsOutcome(error))
            {
                if (!_tables.IsOutage(error)) return error;
                _tables.Disconnect();
                TimeSpan waited = TimeProvider.System.GetElapsedTime(begun);
                if (waited >= OutageDeadline || _closing.Wait(pause)) return _tables.Unreachable(waited, error);
                pause = Longer(pause);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static bool IsOutcome(Exception error) => error is DbException or DuplicateEventException or DamagedRecordException
        or StaleWriterException or IOException or TimeoutException or InvalidOperationException;
}

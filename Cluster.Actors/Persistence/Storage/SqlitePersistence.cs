using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>
/// Events and snapshots in one SQLite file (write-ahead log, <c>synchronous=FULL</c>). All requests go through one thread in
/// the order in which they came; writes that wait together are committed together, so that many actors share one flush
/// of the disk. Every row has a checksum.
/// </summary>
public sealed class SqlitePersistence : IPersistenceStore
{
    /// <summary>At most this many writes share a commit.</summary>
    public const int CommitGroupMax = 512;

    /// <summary>At most this many requests wait; a further one blocks its caller until the disk has caught up.</summary>
    public const int RequestsMax = 65_536;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(30);

    private readonly Channel<SqliteRequest> _requests;
    private readonly SqliteTables _tables;
    private readonly Thread _thread;
    private int _closed;

    /// <summary>Opens the file, creating it with its folder where it is missing.</summary>
    /// <exception cref="IncompatibleSchemaException">A newer version of the program wrote the file.</exception>
    public SqlitePersistence(string path)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        _tables = new SqliteTables(full);
        _requests = Channel.CreateBounded<SqliteRequest>(new BoundedChannelOptions(RequestsMax) { SingleReader = true });
        _thread = new Thread(Run) { Name = "persistence " + Path.GetFileName(full), IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Write(IReadOnlyList<StoredEvent> events, Action<Exception?> completed) =>
        Enqueue(new SqliteRequest(true, () => _tables.Append(events), completed));

    /// <inheritdoc/>
    public void Read(string persistenceId, long from, long to, int count, Action<EventPage?, Exception?> completed)
    {
        EventPage? page = null;
        Enqueue(new SqliteRequest(false, () => page = _tables.Page(persistenceId, from, to, count), error => completed(page, error)));
    }

    /// <inheritdoc/>
    public void DeleteEvents(string persistenceId, long to, Action<Exception?> completed) =>
        Enqueue(new SqliteRequest(true, () => _tables.Delete(persistenceId, to), completed));

    /// <inheritdoc/>
    public void SaveSnapshot(StoredSnapshot snapshot, Action<Exception?> completed) =>
        Enqueue(new SqliteRequest(true, () => _tables.Save(snapshot), completed));

    /// <inheritdoc/>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, Action<SnapshotRead?, Exception?> completed)
    {
        SnapshotRead? read = null;
        Enqueue(new SqliteRequest(false, () => read = _tables.Load(persistenceId, criteria), error => completed(read, error)));
    }

    /// <inheritdoc/>
    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria, Action<Exception?> completed) =>
        Enqueue(new SqliteRequest(true, () => _tables.DeleteSnapshots(persistenceId, criteria), completed));

    /// <summary>Finishes what waits, then closes the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _requests.Writer.Complete();
        if (Thread.CurrentThread != _thread) _thread.Join(CloseTimeout);
    }

    private void Enqueue(SqliteRequest request)
    {
        while (!_requests.Writer.TryWrite(request))
        {
            if (!_requests.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                request.Completed(new ObjectDisposedException(nameof(SqlitePersistence), $"{_tables.File}: the store is closed."));
                return;
            }
        }
    }

    private void Run()
    {
        List<SqliteRequest> group = [];
        while (_requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_requests.Reader.TryRead(out SqliteRequest? request))
            {
                if (request.Writes)
                {
                    group.Add(request);
                    if (group.Count < CommitGroupMax) continue;
                }

                Commit(group);
                if (!request.Writes) request.Completed(Attempt(request.Effect));
            }

            Commit(group);
        }

        _tables.Dispose();
    }

    /// <summary>One transaction for the group; a request that fails leaves no trace and does not harm its neighbours.</summary>
    private void Commit(List<SqliteRequest> group)
    {
        if (group.Count == 0) return;
        Exception?[] outcomes = new Exception?[group.Count];
        Exception? failure = Attempt(() => _tables.InTransaction(group.Count, index => outcomes[index] = Attempt(group[index].Effect)));
        for (int index = 0; index < group.Count; index++) group[index].Completed(outcomes[index] ?? failure);
        group.Clear();
    }

    private static Exception? Attempt(Action effect)
    {
        try
        {
            effect();
            return null;
        }
        catch (Exception error) when (error is SqliteException or DuplicateEventException or DamagedRecordException or IOException)
        {
            return error;
        }
    }
}

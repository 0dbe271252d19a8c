using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>A store whose disk is full from some moment on, or that never answers.</summary>
internal sealed class FailingStore(IPersistenceStore inner) : IPersistenceStore
{
    public volatile bool Full;

    public volatile bool Silent;

    public void Raise(long token, Action<Exception?> completed) => inner.Raise(token, completed);

    public void Write(IReadOnlyList<StoredEvent> events, Action<Exception?> completed)
    {
        if (Full) completed(new IOException("journal.db: the disk is full"));
        else inner.Write(events, completed);
    }

    public void Read(string persistenceId, long from, long to, int count, Action<EventPage?, Exception?> completed)
    {
        if (!Silent) inner.Read(persistenceId, from, to, count, completed);
    }

    public void DeleteEvents(string persistenceId, long to, Action<Exception?> completed) => inner.DeleteEvents(persistenceId, to, completed);

    public void SaveSnapshot(StoredSnapshot snapshot, Action<Exception?> completed)
    {
        if (Full) completed(new IOException("journal.db: the disk is full"));
        else inner.SaveSnapshot(snapshot, completed);
    }

    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, Action<SnapshotRead?, Exception?> completed) =>
        inner.LoadSnapshot(persistenceId, criteria, completed);

    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria, Action<Exception?> completed) =>
        inner.DeleteSnapshots(persistenceId, criteria, completed);

    public void Dispose() => inner.Dispose();
}

namespace Cluster.Actors.Persistence.Storage;

/// <summary>
/// Where events and snapshots are kept. Calls return at once; the outcome comes to the callback, on whatever thread the
/// store uses, so a callback does nothing but tell an actor. Requests take effect in the order in which they were made:
/// a read sees every write asked for before it.
/// </summary>
/// <remarks>
/// Fencing  the store keeps the greatest token raised on it. Every write, of events or snapshots, is checked against it in its own
///          transaction: under any other token, or under none where one was raised, it fails with
///          <see cref="StaleWriterException"/> and leaves no trace.
/// </remarks>
public interface IPersistenceStore : IDisposable
{
    /// <summary>
    /// Makes this the store's only writer: what is asked for from now on is written under the token, and every other writer is
    /// refused. Fails with <see cref="StaleWriterException"/> where the token is not greater than all raised before it.
    /// </summary>
    void Raise(long token, Action<Exception?> completed);

    /// <summary>Writes the events together or not at all; durable before <paramref name="completed"/> hears null.</summary>
    void Write(IReadOnlyList<StoredEvent> events, Action<Exception?> completed);

    /// <summary>Reads at most <paramref name="count"/> events numbered <paramref name="from"/> to <paramref name="to"/>.</summary>
    void Read(string persistenceId, long from, long to, int count, Action<EventPage?, Exception?> completed);

    /// <summary>Deletes the events up to and including <paramref name="to"/>; the stream keeps its highest number.</summary>
    void DeleteEvents(string persistenceId, long to, Action<Exception?> completed);

    /// <summary>Writes a snapshot, replacing one with the same sequence number.</summary>
    void SaveSnapshot(StoredSnapshot snapshot, Action<Exception?> completed);

    /// <summary>Finds the newest sound snapshot that matches.</summary>
    void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, Action<SnapshotRead?, Exception?> completed);

    /// <summary>Deletes all snapshots that match.</summary>
    void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria, Action<Exception?> completed);
}

using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>A store's callbacks as tasks, for tests that await.</summary>
internal static class StoreTasks
{
    // Longer than a store perseveres, so that what it has to say of an outage is heard.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static Task Raise(this IPersistenceStore store, long token) => Outcome(done => store.Raise(token, done));

    public static Task Write(this IPersistenceStore store, StoredEvent[] events) => Outcome(done => store.Write(events, done));

    public static Task Delete(this IPersistenceStore store, string id, long to) => Outcome(done => store.DeleteEvents(id, to, done));

    public static Task Save(this IPersistenceStore store, StoredSnapshot snapshot) => Outcome(done => store.SaveSnapshot(snapshot, done));

    public static Task DeleteSnapshots(this IPersistenceStore store, SnapshotSelectionCriteria criteria) =>
        Outcome(done => store.DeleteSnapshots("a", criteria, done));

    public static Task<EventPage> Read(this IPersistenceStore store, string id, long from, long to, int count) =>
        Result<EventPage>(done => store.Read(id, from, to, count, done));

    public static Task<SnapshotRead> Load(this IPersistenceStore store, SnapshotSelectionCriteria criteria) =>
        Result<SnapshotRead>(done => store.LoadSnapshot("a", criteria, done));

    private static Task Outcome(Action<Action<Exception?>> request) =>
        Result<object>(done => request(error => done(error is null ? new object() : null, error)));

    private static Task<T> Result<T>(Action<Action<T?, Exception?>> request)
        where T : class
    {
        TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        request((result, error) =>
        {
            if (error is null) source.SetResult(result!);
            else source.SetException(error);
        });
        return source.Task.WaitAsync(Deadline);
    }
}

namespace Cluster.Actors.Persistence;

/// <summary>Makes a system the only writer of the journal that it shares with others.</summary>
public static class JournalFencing
{
    /// <summary>From now on the system's persistent actors write under the token, and the journal refuses older ones.</summary>
    /// <param name="system">The system.</param>
    /// <param name="token">Greater than all raised before it.</param>
    /// <param name="completed">Hears null, or why not; on any thread, so that it does nothing but tell an actor.</param>
    public static void Raise(ActorSystem system, long token, Action<Exception?> completed) =>
        PersistenceExtension.Get(system).Store.Raise(token, completed);
}

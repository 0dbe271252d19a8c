using Akka.Configuration;
using Akka.Persistence.Journal;
using Microsoft.Data.Sqlite;

namespace Cluster.Messages.Node.Journal;

/// <summary>Events in a SQLite file, in the table that Akka.Persistence.Sql would keep them in; each write is on disk before it is acknowledged.</summary>
/// <remarks>
/// In place of Akka.Persistence.Sql, whose first use takes more than a second of processor time: a training on one machine is over by then.
/// Made by the engine, on a thread that is its own, for every call blocks until the file is written. The number of an event is unique in its
/// stream, so that a second writer's is refused.
/// </remarks>
public sealed class SqliteEventJournal : AsyncWriteJournal
{
    /// <summary>The plugin's place in the configuration.</summary>
    public const string PluginPath = "akka.persistence.journal.sqlite-events";

    private readonly Lock _turn = new();      // what the engine goes on with after an asynchronous pause may be on another thread
    private readonly SqliteConnection _connection;
    private readonly EventTable _events;

    /// <summary>Made by the engine.</summary>
    /// <param name="settings">Of the plugin: <c>path</c> is the file.</param>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteEventJournal(Config settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _connection = JournalFile.Open(settings.GetString("path"));
        _events = new EventTable(_connection, Context.System);
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) => Done(() => _events.HighestNumber(persistenceId));

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) => Done(() =>
    {
        _events.Replay(persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);
        return true;
    });

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) => Done(() =>
    {
        _events.Append(messages.SelectMany(write => (IEnumerable<IPersistentRepresentation>)write.Payload));
        return (IImmutableList<Exception>)null!;      // nothing was rejected
    });

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => Done(() =>
    {
        _events.Delete(persistenceId, toSequenceNr);
        return true;
    });

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _events.Close();
        _connection.Dispose();
        base.PostStop();
    }

    private Task<T> Done<T>(Func<T> work)
    {
        try
        {
            lock (_turn) return Task.FromResult(work());
        }
#pragma warning disable CA1031 // Whatever it is, the engine tells the event's writer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(failure);
        }
    }
}

using System.Data.Common;
using System.Net.Sockets;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Messages.Node;
using Dapper;
using Polly;

namespace Cluster.Coordinator.Database;

/// <summary>
/// The journal's database as the coordinator uses it beside the engine's journal: the lease, and where wanted checkpoints and
/// models. The tables are the coordinator's own.
/// </summary>
internal abstract class CoordinatorDatabase
{
    /// <summary>A database that is just starting, or too busy to answer in time, is asked so often before a node gives up.</summary>
    private const int OpenAttempts = 7;

    private readonly ResiliencePipeline _retries;

    protected CoordinatorDatabase() => _retries = DatabaseRetries.For(error => IsRefusal(error) && IsOutage(error));

    /// <summary>Names the database in messages, without any secret.</summary>
    public abstract string Name { get; }

    /// <summary>The database's clock, in milliseconds.</summary>
    public abstract string Now { get; }

    /// <summary>What keeps the lease's token, and nothing else of it, from being changed until the transaction ends.</summary>
    public abstract string TokenLock { get; }

    /// <summary>How long a request waits for a database that cannot be reached.</summary>
    public TimeSpan OutageDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The database that a node keeps its journal in.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be opened.</exception>
    public static CoordinatorDatabase Of(NodeOptions node) => Opened(node.JournalConnection is { } connection
        ? new PostgreSqlCoordinatorDatabase(connection)
        : new SqliteCoordinatorDatabase(node.JournalPath ?? throw new ArgumentException("node: wanted one with a journal, got one without.", nameof(node))));

    /// <summary>The database of a file.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be opened.</exception>
    public static CoordinatorDatabase OfFile(string path) => Opened(new SqliteCoordinatorDatabase(path));

    private static CoordinatorDatabase Opened(CoordinatorDatabase database)
    {
        try
        {
            DatabaseRetries.For(database.IsOutage, OpenAttempts).Execute(() =>
            {
                using DbConnection opened = database.Connect();
                database.Migrate(opened);
            });
            return database;
        }
        catch (Exception cause) when (cause is DbException or IOException or UnauthorizedAccessException or TimeoutException or StorageException)
        {
            throw new JournalUnavailableException(database.Name, cause);
        }
    }

    /// <summary>A new connection, open.</summary>
    public abstract DbConnection Connect();

    /// <summary>Does something in a transaction; again on another connection where one was lost, until the deadline.</summary>
    /// <param name="work">May be done more than once.</param>
    /// <param name="deadline">How long to try; null for <see cref="OutageDeadline"/>.</param>
    /// <exception cref="StorageException">The database cannot be reached, or refuses.</exception>
    public T Do<T>(Func<DbConnection, DbTransaction, T> work, TimeSpan? deadline = null)
    {
        long begun = TimeProvider.System.GetTimestamp();
        return _retries.Execute(() =>
        {
            try
            {
                using DbConnection connection = Connect();
                using DbTransaction transaction = connection.BeginTransaction();
                T result = work(connection, transaction);
                transaction.Commit();
                return result;
            }
            catch (Exception error) when (IsRefusal(error))
            {
                TimeSpan waited = TimeProvider.System.GetElapsedTime(begun);
                if (IsOutage(error) && waited < (deadline ?? OutageDeadline)) throw;
                throw new StorageException($"{Name}: wanted to use the journal's database, got for {waited.TotalSeconds:F1} s: {error.Message.TrimEnd('.')}; is it running, reachable and writable?", error);
            }
        });
    }

    /// <summary>Refuses the transaction once there is a newer grant than the writer's; one that comes later waits for its end.</summary>
    /// <exception cref="AuthorityLostException">There is.</exception>
    public void Require(WriteAuthority authority, string place, DbConnection connection, DbTransaction transaction)
    {
        if (ReferenceEquals(authority, WriteAuthority.Unchallenged)) return;
        long newest = connection.ExecuteScalar<long>("SELECT token FROM leases " + TokenLock, transaction: transaction);
        if (newest != authority.Token) throw new AuthorityLostException(place, authority.Token, newest);
    }

    /// <summary>Whether the database, or the way to it, refused the request; all else is an error of the program.</summary>
    private static bool IsRefusal(Exception error) =>
        error is DbException or SocketException or TimeoutException or InvalidOperationException || (error is IOException and not EndOfStreamException);

    /// <summary>Brings the tables up to date; of several nodes that start at once one does, the others wait.</summary>
    protected abstract void Migrate(DbConnection connection);

    /// <summary>Whether the same request may well succeed a little later.</summary>
    protected abstract bool IsOutage(Exception error);
}

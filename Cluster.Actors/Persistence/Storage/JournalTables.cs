using System.Data.Common;
using Dapper;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>The statements over a journal's tables, whichever database holds them. Used by the store's thread alone.</summary>
internal sealed partial class JournalTables : IDisposable
{
    private readonly JournalDatabase _database;

    // Distinguishes this store's own rows from those of another that writes under the same token or under none.
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private DbConnection? _connection;
    private DbTransaction? _transaction;
    private bool _again;
    private long _newestToken;

    public JournalTables(JournalDatabase database)
    {
        _database = database;
        _connection = database.Open();
    }

    public string Name => _database.Name;

    private DbConnection Connection => _connection
        ?? throw new InvalidOperationException($"{Name}: wanted an open connection, got none; connect first.");

    public bool IsOutage(Exception error) => _database.IsOutage(error);

    public StoreUnreachableException Unreachable(TimeSpan waited, Exception error) => new(Name, waited, error);

    /// <summary>Opens the connection where there is none.</summary>
    /// <param name="again">Whether what follows was tried before, so that it may have been done although nobody heard.</param>
    public void Connect(bool again)
    {
        _again = again;
        _connection ??= _database.Open();
    }

    /// <summary>Lets a connection go that is of no more use.</summary>
    public void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose() => Disconnect();

    /// <summary>Runs <paramref name="step"/> for 0 to count - 1, each in a savepoint, in one transaction.</summary>
    public void InTransaction(int count, Func<int, Exception?> step) => InTransaction(() =>
    {
        // One look is enough: whoever raises the fence waits for this transaction's end.
        _newestToken = Connection.ExecuteScalar<long>("SELECT token FROM fence " + _database.SharedLock, transaction: _transaction);
        for (int index = 0; index < count; index++)
        {
            _transaction!.Save("step");
            if (step(index) is not null) _transaction.Rollback("step");
            _transaction.Release("step");
        }
    });

    public void InTransaction(Action effect)
    {
        using DbTransaction transaction = Connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            effect();
            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    }

    /// <summary>Lets only the newest writer on, in a transaction of <see cref="InTransaction(int, Func{int, Exception?})"/>.</summary>
    /// <exception cref="StaleWriterException">There is a newer one, or the token has not been raised.</exception>
    public void RequireNewest(long token)
    {
        if (token != _newestToken) throw new StaleWriterException(Name, token, _newestToken);
        _tokenInUse = token;
    }

    public void Raise(long token)
    {
        (long newest, string writer) = Connection.QuerySingle<(long, string)>(
            "SELECT token, writer FROM fence " + _database.ExclusiveLock, transaction: _transaction);
        if (_again && newest == token && writer == _writer) return;
        if (token <= newest) throw new StaleWriterException(Name, token, newest);
        Connection.Execute("UPDATE fence SET token = @token, writer = @_writer", new { token, _writer }, _transaction);
    }
}

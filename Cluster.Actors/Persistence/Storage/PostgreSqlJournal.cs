using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>A journal in a PostgreSQL database.</summary>
internal sealed class PostgreSqlJournal : JournalDatabase
{
    private const int ConnectSecondsMax = 5;
    private const int StatementSecondsMax = 10;
    private const string IdleInTransactionTimeout = "25P03";

    // A node that was stopped in the middle of a transaction keeps its locks no longer than this.
    private const string ServerOptions = "-c idle_in_transaction_session_timeout=1000 -c lock_timeout=5000";

    private readonly string _connectionString;

    public PostgreSqlJournal(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = Read(connectionString);
        settings.Pooling = false;
        settings.Enlist = false;
        settings.Timeout = Math.Min(settings.Timeout, ConnectSecondsMax);
        settings.CommandTimeout = Math.Min(settings.CommandTimeout, StatementSecondsMax);
        settings.KeepAlive = 0;
        settings.TcpKeepAlive = true;
        settings.ApplicationName ??= "cluster journal";
        settings.SearchPath ??= PostgreSqlSchema.Default;
        settings.Options = string.IsNullOrEmpty(settings.Options) ? ServerOptions : $"{settings.Options} {ServerOptions}";
        Name = $"postgresql://{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        _connectionString = settings.ConnectionString;
    }

    public override string Name { get; }

    public override string SharedLock => "FOR SHARE";

    public override string ExclusiveLock => "FOR UPDATE";

    public override DbConnection Open()
    {
        NpgsqlConnection connection = new(_connectionString);
        try
        {
            connection.Open();
            PostgreSqlSchema.Apply(connection, Name);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A lost or refused connection, a time limit, a server that starts, stops or is full. Wrong names, rights, passwords and
    /// statements stay wrong.
    /// </summary>
    public override bool IsOutage(Exception error) => error switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleInTransactionTimeout or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable,
        NpgsqlException => true,
        IOException or TimeoutException or SocketException => true,
        InvalidOperationException => true,      // a connection that was found closed
        _ => false,
    };

    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // Its text may hold a password, and so may the message of whatever read it: neither is passed on.
            throw new ArgumentException(
                "connection string: wanted one that Npgsql reads (Host=...;Port=...;Database=...;Username=...;Password=...), got one that it does not; "
                + "check the keywords, and put a value that holds ';' or quotes in quotes", nameof(connectionString));
        }
    }
}

using System.Data.Common;
using System.Net.Sockets;
using Cluster.Messages.Node;
using Dapper;
using Npgsql;

namespace Cluster.Coordinator.Database;

/// <summary>A PostgreSQL database, for coordinators on many machines.</summary>
internal sealed class PostgreSqlCoordinatorDatabase : CoordinatorDatabase
{
    private const int ConnectSecondsMax = 5;
    private const int StatementSecondsMax = 10;
    private const string Schema = "cluster";
    private const string IdleInTransactionTimeout = "25P03";

    // Another than the engine's, whose tables are beside these.
    private const long MigrationLock = 0x636C_7573_7465_7202;

    // A node that was stopped in the middle of a transaction keeps its locks no longer than this.
    private const string ServerOptions = "-c idle_in_transaction_session_timeout=1000 -c lock_timeout=5000";

    private readonly string _connectionString;

    public PostgreSqlCoordinatorDatabase(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = Read(connectionString);
        settings.Pooling = false;
        settings.Enlist = false;
        settings.Timeout = Math.Min(settings.Timeout, ConnectSecondsMax);
        settings.CommandTimeout = Math.Min(settings.CommandTimeout, StatementSecondsMax);
        settings.TcpKeepAlive = true;
        settings.ApplicationName ??= "cluster coordinator";
        settings.SearchPath ??= Schema;
        settings.Options = string.IsNullOrEmpty(settings.Options) ? ServerOptions : $"{settings.Options} {ServerOptions}";
        Name = $"postgresql://{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        _connectionString = settings.ConnectionString;
    }

    public override string Name { get; }

    public override string Now => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    public override string TokenLock => "FOR KEY SHARE";

    public override DbConnection Connect()
    {
        NpgsqlConnection connection = new(_connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override void Migrate(DbConnection connection)
    {
        using DbTransaction transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, transaction);
        string? schema = connection.ExecuteScalar<string?>("SELECT current_schema()", transaction: transaction);
        if (schema is null) connection.Execute($"CREATE SCHEMA IF NOT EXISTS {Schema}", transaction: transaction);
        CoordinatorSchema.Apply(connection, transaction, Name, "BYTEA");
        transaction.Commit();
    }

    protected override bool IsOutage(Exception error) => error switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleInTransactionTimeout or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable,
        NpgsqlException or IOException or TimeoutException or SocketException or InvalidOperationException => true,
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
            throw new BadNodeOptionsException([
                "JournalConnection: wanted a connection string that Npgsql reads (Host=...;Port=...;Database=...;Username=...;Password=...), got one that it does not; "
                + "check the keywords, and put a value that holds ';' or quotes in quotes"]);
        }
    }
}

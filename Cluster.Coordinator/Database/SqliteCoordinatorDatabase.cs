using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Database;

/// <summary>A file, for the coordinators of one machine. A write transaction locks all of it.</summary>
internal sealed class SqliteCoordinatorDatabase(string path) : CoordinatorDatabase
{
    public override string Name { get; } = Path.GetFullPath(path);

    public override string Now => "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    public override string TokenLock => string.Empty;

    public override DbConnection Connect()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name)!);
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Name, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
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
        CoordinatorSchema.Apply(connection, transaction, Name, "BLOB");
        transaction.Commit();
    }

    /// <summary>A file does not go away for a while, and a lock is waited for by SQLite itself.</summary>
    protected override bool IsOutage(Exception error) => false;
}

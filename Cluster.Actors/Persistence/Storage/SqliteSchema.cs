using Dapper;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>The tables of a journal file and how an older file becomes a current one.</summary>
internal static class SqliteSchema
{
    /// <summary>The version that this program reads and writes.</summary>
    public const long Version = 1;

    private const string VersionOne = """
        CREATE TABLE streams (
            persistence_id TEXT PRIMARY KEY,
            highest_nr INTEGER NOT NULL,
            deleted_to INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE events (
            persistence_id TEXT NOT NULL,
            sequence_nr INTEGER NOT NULL,
            manifest TEXT NOT NULL,
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            UNIQUE (persistence_id, sequence_nr));
        CREATE TABLE snapshots (
            persistence_id TEXT NOT NULL,
            sequence_nr INTEGER NOT NULL,
            taken_at_ticks INTEGER NOT NULL,
            manifest TEXT NOT NULL,
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            UNIQUE (persistence_id, sequence_nr));
        INSERT INTO schema_version (version) VALUES (1);
        """;

    public static void Apply(SqliteConnection connection, string file)
    {
        connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;");
        using SqliteTransaction transaction = connection.BeginTransaction();
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", transaction: transaction);
        long found = connection.ExecuteScalar<long?>("SELECT MAX(version) FROM schema_version", transaction: transaction) ?? 0;
        if (found > Version) throw new IncompatibleSchemaException(file, Version, found);
        if (found < 1) connection.Execute(VersionOne, transaction: transaction);
        transaction.Commit();
    }
}

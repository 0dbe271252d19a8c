using Dapper;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>The tables of a journal file and how an older file becomes a current one.</summary>
internal static class SqliteSchema
{
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
        """;

    // Fencing, and snapshots in blocks: an old snapshot is one of a single block, whose checksum is computed as before.
    private const string VersionTwo = """
        CREATE TABLE fence (token INTEGER NOT NULL, writer TEXT NOT NULL);
        INSERT INTO fence (token, writer) VALUES (0, '');
        ALTER TABLE events ADD COLUMN token INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE events ADD COLUMN writer TEXT NOT NULL DEFAULT '';
        CREATE TABLE snapshot_blocks (
            persistence_id TEXT NOT NULL,
            sequence_nr INTEGER NOT NULL,
            block_nr INTEGER NOT NULL,
            payload BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            UNIQUE (persistence_id, sequence_nr, block_nr));
        INSERT INTO snapshot_blocks SELECT persistence_id, sequence_nr, 0, payload, checksum FROM snapshots;
        ALTER TABLE snapshots ADD COLUMN blocks INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE snapshots DROP COLUMN payload;
        ALTER TABLE snapshots DROP COLUMN checksum;
        """;

    private static readonly string[] s_migrations = [VersionOne, VersionTwo];

    /// <summary>The version that this program reads and writes.</summary>
    public static long Version => s_migrations.Length;

    public static void Apply(SqliteConnection connection, string file)
    {
        connection.Execute("PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        using SqliteTransaction transaction = connection.BeginTransaction();
        SchemaVersions.Apply(connection, transaction, file, s_migrations);
        transaction.Commit();
    }
}

using Dapper;
using Npgsql;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>The tables of a journal in PostgreSQL and how older ones become current ones.</summary>
internal static class PostgreSqlSchema
{
    /// <summary>Where the tables are unless the connection string has a search path.</summary>
    public const string Default = "cluster";

    // Any number that nobody else uses: of several nodes that start at once one migrates, the others wait for it.
    private const long MigrationLock = 0x636C_7573_7465_7201;

    private const string VersionOne = """
        CREATE TABLE streams (
            persistence_id TEXT PRIMARY KEY,
            highest_nr BIGINT NOT NULL,
            deleted_to BIGINT NOT NULL);
        CREATE TABLE events (
            persistence_id TEXT NOT NULL,
            sequence_nr BIGINT NOT NULL,
            manifest TEXT NOT NULL,
            payload BYTEA NOT NULL,
            checksum BIGINT NOT NULL,
            token BIGINT NOT NULL,
            writer TEXT NOT NULL,
            PRIMARY KEY (persistence_id, sequence_nr));
        CREATE TABLE snapshots (
            persistence_id TEXT NOT NULL,
            sequence_nr BIGINT NOT NULL,
            taken_at_ticks BIGINT NOT NULL,
            manifest TEXT NOT NULL,
            blocks BIGINT NOT NULL,
            PRIMARY KEY (persistence_id, sequence_nr));
        CREATE TABLE snapshot_blocks (
            persistence_id TEXT NOT NULL,
            sequence_nr BIGINT NOT NULL,
            block_nr BIGINT NOT NULL,
            payload BYTEA NOT NULL,
            checksum BIGINT NOT NULL,
            PRIMARY KEY (persistence_id, sequence_nr, block_nr));
        CREATE TABLE fence (token BIGINT NOT NULL, writer TEXT NOT NULL);
        INSERT INTO fence (token, writer) VALUES (0, '');
        """;

    private static readonly string[] s_migrations = [VersionOne];

    public static void Apply(NpgsqlConnection connection, string name)
    {
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, transaction);
        string? schema = connection.ExecuteScalar<string?>("SELECT current_schema()", transaction: transaction);
        if (schema is null) connection.Execute($"CREATE SCHEMA IF NOT EXISTS {Default}", transaction: transaction);
        SchemaVersions.Apply(connection, transaction, name, s_migrations);
        transaction.Commit();
    }
}

using System.Data.Common;
using Cluster.Coordinator.Checkpoints;
using Dapper;

namespace Cluster.Coordinator.Database;

/// <summary>The coordinator's tables and how older ones become current ones; the same in each database but for a type's name.</summary>
internal static class CoordinatorSchema
{
    // The token is unique in the sense of a key: a grant changes it and waits for those who hold on to it; a renewal does not.
    private const string VersionOne = """
        CREATE TABLE leases (
            token BIGINT PRIMARY KEY,
            holder TEXT NOT NULL,
            expires_at_ms BIGINT NOT NULL);
        INSERT INTO leases (token, holder, expires_at_ms) VALUES (0, '', 0);
        CREATE TABLE objects (
            kind TEXT NOT NULL,
            directory TEXT NOT NULL,
            step BIGINT NOT NULL,
            bytes BIGINT NOT NULL,
            token BIGINT NOT NULL,
            PRIMARY KEY (kind, directory, step));
        CREATE TABLE object_blocks (
            kind TEXT NOT NULL,
            directory TEXT NOT NULL,
            step BIGINT NOT NULL,
            block_nr BIGINT NOT NULL,
            payload BYTES NOT NULL,
            sha256 BYTES NOT NULL,
            PRIMARY KEY (kind, directory, step, block_nr));
        """;

    // What private runs have spent of data: one row for each run of each data set, steps counted absolutely.
    private const string PrivacyLedger = """
        CREATE TABLE privacy_ledger (
            data_sha256 TEXT NOT NULL,
            run TEXT NOT NULL,
            job TEXT NOT NULL,
            rate DOUBLE PRECISION NOT NULL,
            noise DOUBLE PRECISION NOT NULL,
            steps BIGINT NOT NULL,
            PRIMARY KEY (data_sha256, run));
        """;

    private static readonly string[] s_migrations = [VersionOne, PrivacyLedger];

    /// <summary>Applies what is missing, in the caller's transaction.</summary>
    /// <exception cref="StorageException">A newer version of the program wrote the tables.</exception>
    public static void Apply(DbConnection connection, DbTransaction transaction, string name, string bytesType)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS coordinator_schema_version (version BIGINT NOT NULL)", transaction: transaction);
        long found = connection.ExecuteScalar<long?>("SELECT MAX(version) FROM coordinator_schema_version", transaction: transaction) ?? 0;
        if (found > s_migrations.Length)
            throw new StorageException($"{name}: wanted the coordinator's tables of version {s_migrations.Length} or older, got {found}; use the version of the program that wrote them.");
        for (long version = found; version < s_migrations.Length; version++)
            connection.Execute(s_migrations[version].Replace("BYTES", bytesType, StringComparison.Ordinal), transaction: transaction);
        if (found == s_migrations.Length) return;
        connection.Execute("DELETE FROM coordinator_schema_version", transaction: transaction);
        connection.Execute("INSERT INTO coordinator_schema_version (version) VALUES (@Length)", new { s_migrations.Length }, transaction);
    }
}

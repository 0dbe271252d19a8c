using System.Data.Common;
using Dapper;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>Brings the tables of a database from whatever version they have to the newest, inside the caller's transaction.</summary>
internal static class SchemaVersions
{
    /// <param name="connection">The database.</param>
    /// <param name="transaction">All versions are applied, or none; the caller lets no other node in meanwhile.</param>
    /// <param name="name">Names the database in messages.</param>
    /// <param name="migrations">What leads from version i to version i + 1.</param>
    /// <exception cref="IncompatibleSchemaException">The tables are of a newer version than the last migration makes.</exception>
    public static void Apply(DbConnection connection, DbTransaction transaction, string name, IReadOnlyList<string> migrations)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", transaction: transaction);
        long found = connection.ExecuteScalar<long?>("SELECT MAX(version) FROM schema_version", transaction: transaction) ?? 0;
        if (found > migrations.Count) throw new IncompatibleSchemaException(name, migrations.Count, found);
        for (int version = (int)found; version < migrations.Count; version++) connection.Execute(migrations[version], transaction: transaction);
        if (found == 0) connection.Execute("INSERT INTO schema_version (version) VALUES (@Count)", new { migrations.Count }, transaction);
        else connection.Execute("UPDATE schema_version SET version = @Count", new { migrations.Count }, transaction);
    }
}

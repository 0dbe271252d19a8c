namespace Cluster.Actors.Persistence.Storage;

/// <summary>Events and snapshots in a PostgreSQL database (12 or newer), which any number of nodes may share.</summary>
/// <param name="connectionString">As Npgsql reads it. Without a search path of its own the tables are in the schema "cluster", made where it is missing.</param>
/// <remarks>Each statement and each connection has a time limit; a transaction whose node is silent is ended by the server, so that its locks hold up nobody.</remarks>
/// <exception cref="ArgumentException">Npgsql cannot read the connection string.</exception>
/// <exception cref="IncompatibleSchemaException">A newer version of the program wrote the tables.</exception>
public sealed class PostgreSqlPersistence(string connectionString) : DatabasePersistence(new PostgreSqlJournal(connectionString));

namespace Cluster.Actors.Persistence.Storage;

/// <summary>Events and snapshots in one SQLite file (write-ahead log, <c>synchronous=FULL</c>).</summary>
/// <param name="path">The file; made with its folder where it is missing.</param>
/// <exception cref="IncompatibleSchemaException">A newer version of the program wrote the file.</exception>
public sealed class SqlitePersistence(string path) : DatabasePersistence(new SqliteJournal(path));

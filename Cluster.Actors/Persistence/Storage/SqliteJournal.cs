using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>A journal in a file. A write transaction locks the whole file, so that no row needs a lock of its own.</summary>
internal sealed class SqliteJournal(string path) : JournalDatabase
{
    public override string Name { get; } = Path.GetFullPath(path);

    public override string SharedLock => string.Empty;

    public override string ExclusiveLock => string.Empty;

    public override DbConnection Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name)!);
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Name, Pooling = false }.ToString());
        try
        {
            connection.Open();
            SqliteSchema.Apply(connection, Name);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A file does not go away for a while.</summary>
    public override bool IsOutage(Exception error) => false;
}

using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cluster.Messages.Node;

/// <summary>Opens a journal once before the node starts, since the engine would only log that it cannot.</summary>
internal static class JournalProbe
{
    /// <exception cref="JournalUnavailableException">The journal cannot be opened.</exception>
    public static void Open(NodeOptions options)
    {
        if (!options.HasJournal) return;
        string journal = options.JournalPath ?? "PostgreSQL";
        try
        {
            if (options.JournalPath is { } path)
            {
                string file = Path.GetFullPath(path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                using var sqlite = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString);
                Ask(sqlite, "PRAGMA journal_mode = WAL");
            }
            else
            {
                using var database = new NpgsqlConnection(options.JournalConnection);
                Ask(database, "SELECT 1");
            }
        }
        catch (Exception cause) when (cause is DbException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new JournalUnavailableException(journal, cause);
        }
    }

    private static void Ask(DbConnection connection, string question)
    {
        connection.Open();
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The two questions above are constants.
        command.CommandText = question;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

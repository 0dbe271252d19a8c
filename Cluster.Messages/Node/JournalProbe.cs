using System.Data.Common;
using Cluster.Messages.Node.Journal;
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
                using SqliteConnection _ = JournalFile.Open(file);
            }
            else
            {
                using var database = new NpgsqlConnection(options.JournalConnection);
                database.Open();
            }
        }
        catch (Exception cause) when (cause is DbException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new JournalUnavailableException(journal, cause);
        }
    }
}

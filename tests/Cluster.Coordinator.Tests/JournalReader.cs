using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Tests;

/// <summary>Reads the journal of nodes that keep it in a SQLite file.</summary>
internal static class JournalReader
{
    /// <summary>A stream's events in their order.</summary>
    public static IReadOnlyList<(string Manifest, string Bytes)> Read(string path, string persistenceId)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT manifest, message FROM journal WHERE persistence_id = $stream ORDER BY sequence_number";
        command.Parameters.AddWithValue("$stream", persistenceId);
        using SqliteDataReader reader = command.ExecuteReader();
        List<(string, string)> events = [];
        while (reader.Read()) events.Add((reader.GetString(0), Convert.ToHexString(reader.GetFieldValue<byte[]>(1))));
        return events;
    }
}

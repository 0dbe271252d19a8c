using System.Runtime.Serialization;
using Microsoft.Data.Sqlite;

namespace Cluster.Messages.Node.Journal;

/// <summary>The events of a connection to a journal's file, by stream and number. Called by one thread at a time.</summary>
internal sealed class EventTable
{
    private readonly SqliteConnection _connection;
    private readonly ActorSystem _system;
    private readonly SqliteCommand _append, _highest, _replay, _delete;

    public EventTable(SqliteConnection connection, ActorSystem system)
    {
        (_connection, _system) = (connection, system);
        _append = Command(
            connection,
            """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES ($created, 0, $stream, $number, $message, $manifest, $serializer, $writer)
            """,
            "$created", "$stream", "$number", "$message", "$manifest", "$serializer", "$writer");
        _highest = Command(connection, "SELECT COALESCE(MAX(sequence_number), 0) FROM journal WHERE persistence_id = $stream", "$stream");
        _replay = Command(
            connection,
            """
            SELECT sequence_number, message, manifest, identifier, writer_uuid, created FROM journal
            WHERE persistence_id = $stream AND deleted = 0 AND sequence_number BETWEEN $from AND $to ORDER BY sequence_number LIMIT $max
            """,
            "$stream", "$from", "$to", "$max");

        // The last event stays, so that its number is not given away again.
        _delete = Command(
            connection,
            """
            UPDATE journal SET deleted = 1 WHERE persistence_id = $stream AND sequence_number <= $to;
            DELETE FROM journal WHERE persistence_id = $stream AND deleted = 1
                AND sequence_number < (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $stream);
            """,
            "$stream", "$to");
    }

    /// <summary>The number of a stream's last event; 0 if there is none.</summary>
    public long HighestNumber(string stream) => (long)With(_highest, stream).ExecuteScalar()!;

    /// <summary>Hands a stream's events over in their order.</summary>
    /// <exception cref="SerializationException">One cannot be read.</exception>
    public void Replay(string stream, long from, long to, long max, Action<IPersistentRepresentation> take)
    {
        using SqliteDataReader reader = With(_replay, stream, from, to, max).ExecuteReader();
        while (reader.Read())
        {
            string manifest = reader.IsDBNull(2) ? "" : reader.GetString(2);
            object payload = _system.Serialization.Deserialize(reader.GetFieldValue<byte[]>(1), reader.GetInt32(3), manifest);
            take(new Persistent(
                payload, reader.GetInt64(0), stream, manifest, isDeleted: false, ActorRefs.NoSender, reader.IsDBNull(4) ? "" : reader.GetString(4), reader.GetInt64(5)));
        }
    }

    /// <summary>Appends events, all of them or none.</summary>
    /// <exception cref="SqliteException">A stream has one with that number, or the file cannot be written.</exception>
    public void Append(IEnumerable<IPersistentRepresentation> events)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _append.Transaction = transaction;
        foreach (IPersistentRepresentation @event in events)
        {
            Serializer serializer = _system.Serialization.FindSerializerFor(@event.Payload);
            With(
                _append, _system.Scheduler.Now.UtcTicks, @event.PersistenceId, @event.SequenceNr, serializer.ToBinary(@event.Payload),
                Akka.Serialization.Serialization.ManifestFor(serializer, @event.Payload), serializer.Identifier, @event.WriterGuid).ExecuteNonQuery();
        }
        transaction.Commit();
    }

    /// <summary>Deletes a stream's events up to a number.</summary>
    public void Delete(string stream, long to)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _delete.Transaction = transaction;
        With(_delete, stream, to).ExecuteNonQuery();
        transaction.Commit();
    }

    /// <summary>Ends its commands; the connection is closed by its owner.</summary>
    public void Close()
    {
        foreach (SqliteCommand command in new[] { _append, _highest, _replay, _delete }) command.Dispose();
    }

#pragma warning disable CA2100 // The texts are the constants above.
    private static SqliteCommand Command(SqliteConnection connection, string text, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        foreach (string name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
#pragma warning restore CA2100

    private static SqliteCommand With(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}

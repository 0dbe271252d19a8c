using Dapper;

namespace Cluster.Actors.Persistence.Storage;

// Events: a row each, and for each stream how far it goes.
internal sealed partial class JournalTables
{
    private long _tokenInUse;

    public void Append(IReadOnlyList<StoredEvent> events)
    {
        foreach (IGrouping<string, StoredEvent> stream in events.GroupBy(stored => stored.PersistenceId))
        {
            (long highest, _) = Head(stream.Key);
            if (_again && stream.All(IsWritten)) continue;
            foreach (StoredEvent stored in stream)
            {
                if (stored.SequenceNr <= highest) throw new DuplicateEventException(Name, stored.PersistenceId, stored.SequenceNr, highest);
                highest = stored.SequenceNr;
                Insert(stored);
            }

            Connection.Execute(
                """
                INSERT INTO streams (persistence_id, highest_nr, deleted_to) VALUES (@Id, @highest, 0)
                ON CONFLICT (persistence_id) DO UPDATE SET highest_nr = @highest
                """, new { Id = stream.Key, highest }, _transaction);
        }
    }

    public EventPage Page(string persistenceId, long from, long to, int count)
    {
        (long highest, long deletedTo) = Head(persistenceId);
        IEnumerable<EventRow> rows = Connection.Query<EventRow>(
            """
            SELECT sequence_nr AS Number, manifest AS Manifest, payload AS Payload, checksum AS Checksum FROM events
            WHERE persistence_id = @persistenceId AND sequence_nr BETWEEN @from AND @to ORDER BY sequence_nr LIMIT @count
            """, new { persistenceId, from, to, count }, _transaction, buffered: false);
        ImmutableArray<StoredEvent>.Builder events = ImmutableArray.CreateBuilder<StoredEvent>();
        foreach (EventRow row in rows)
        {
            uint got = RecordChecksum.Of(persistenceId, row.Number, row.Manifest, row.Payload);
            if (got != row.Checksum) throw new DamagedRecordException(Name, "events", persistenceId, row.Number, unchecked((uint)row.Checksum), got);
            events.Add(new StoredEvent(persistenceId, row.Number, row.Manifest, row.Payload));
        }

        return new EventPage(events.DrainToImmutable(), highest, deletedTo);
    }

    public void Delete(string persistenceId, long to)
    {
        Connection.Execute("DELETE FROM events WHERE persistence_id = @persistenceId AND sequence_nr <= @to", new { persistenceId, to }, _transaction);
        Connection.Execute(
            """
            UPDATE streams SET deleted_to = CASE WHEN highest_nr < @to THEN highest_nr ELSE @to END
            WHERE persistence_id = @persistenceId AND deleted_to < @to
            """, new { persistenceId, to }, _transaction);
    }

    private (long Highest, long DeletedTo) Head(string persistenceId) =>
        Connection.QuerySingleOrDefault<(long, long)>(
            "SELECT highest_nr, deleted_to FROM streams WHERE persistence_id = @persistenceId", new { persistenceId }, _transaction);

    /// <summary>Whether this very store wrote it: the commit succeeded, and its confirmation was lost with the connection.</summary>
    private bool IsWritten(StoredEvent stored) => Connection.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM events WHERE persistence_id = @PersistenceId AND sequence_nr = @SequenceNr AND writer = @Writer",
        new { stored.PersistenceId, stored.SequenceNr, Writer = _writer }, _transaction) == 1;

    private void Insert(StoredEvent stored) => Connection.Execute(
        """
        INSERT INTO events (persistence_id, sequence_nr, manifest, payload, checksum, token, writer)
        VALUES (@PersistenceId, @SequenceNr, @Manifest, @Payload, @Checksum, @Token, @Writer)
        """,
        new
        {
            stored.PersistenceId,
            stored.SequenceNr,
            stored.Manifest,
            Payload = stored.Payload.ToArray(),
            Checksum = (long)RecordChecksum.Of(stored.PersistenceId, stored.SequenceNr, stored.Manifest, stored.Payload.Span),
            Token = _tokenInUse,
            Writer = _writer,
        }, _transaction);

    private sealed class EventRow
    {
        public long Number { get; init; }

        public string Manifest { get; init; } = "";

        public byte[] Payload { get; init; } = [];

        public long Checksum { get; init; }
    }
}

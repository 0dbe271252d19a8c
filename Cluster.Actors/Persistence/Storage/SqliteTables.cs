using Dapper;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>The statements over the tables of <see cref="SqliteSchema"/>. Used by the store's thread alone.</summary>
internal sealed class SqliteTables : IDisposable
{
    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;

    public SqliteTables(string file)
    {
        File = file;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        try
        {
            SqliteSchema.Apply(_connection, file);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public string File { get; }

    /// <summary>Runs <paramref name="step"/> for 0 to count - 1, each in a savepoint, in one transaction.</summary>
    public void InTransaction(int count, Func<int, Exception?> step)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            for (int index = 0; index < count; index++)
            {
                transaction.Save("step");
                if (step(index) is not null) transaction.Rollback("step");
                transaction.Release("step");
            }

            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    }

    public void Append(IReadOnlyList<StoredEvent> events)
    {
        foreach (IGrouping<string, StoredEvent> stream in events.GroupBy(stored => stored.PersistenceId))
        {
            long highest = Head(stream.Key).Highest;
            foreach (StoredEvent stored in stream)
            {
                if (stored.SequenceNr <= highest) throw new DuplicateEventException(File, stored.PersistenceId, stored.SequenceNr, highest);
                highest = stored.SequenceNr;
                Insert("INSERT INTO events (persistence_id, sequence_nr, manifest, payload, checksum) VALUES (@Id, @Number, @Manifest, @Payload, @Checksum)",
                    stored.PersistenceId, stored.SequenceNr, stored.Manifest, stored.Payload, 0);
            }

            _connection.Execute(
                """
                INSERT INTO streams (persistence_id, highest_nr, deleted_to) VALUES (@Id, @highest, 0)
                ON CONFLICT (persistence_id) DO UPDATE SET highest_nr = @highest
                """, new { Id = stream.Key, highest }, _transaction);
        }
    }

    public EventPage Page(string persistenceId, long from, long to, int count)
    {
        (long highest, long deletedTo) = Head(persistenceId);
        IEnumerable<Row> rows = _connection.Query<Row>(
            """
            SELECT sequence_nr AS Number, 0 AS Ticks, manifest AS Manifest, payload AS Payload, checksum AS Checksum FROM events
            WHERE persistence_id = @persistenceId AND sequence_nr BETWEEN @from AND @to ORDER BY sequence_nr LIMIT @count
            """, new { persistenceId, from, to, count }, _transaction, buffered: false);
        ImmutableArray<StoredEvent>.Builder events = ImmutableArray.CreateBuilder<StoredEvent>();
        foreach (Row row in rows)
        {
            if (Damage("events", persistenceId, row) is { } damaged) throw damaged;
            events.Add(new StoredEvent(persistenceId, row.Number, row.Manifest, row.Payload));
        }

        return new EventPage(events.DrainToImmutable(), highest, deletedTo);
    }

    public void Delete(string persistenceId, long to)
    {
        _connection.Execute("DELETE FROM events WHERE persistence_id = @persistenceId AND sequence_nr <= @to", new { persistenceId, to }, _transaction);
        _connection.Execute(
            "UPDATE streams SET deleted_to = MAX(deleted_to, MIN(highest_nr, @to)) WHERE persistence_id = @persistenceId",
            new { persistenceId, to }, _transaction);
    }

    public void Save(StoredSnapshot snapshot) =>
        Insert(
            """
            INSERT OR REPLACE INTO snapshots (persistence_id, sequence_nr, taken_at_ticks, manifest, payload, checksum)
            VALUES (@Id, @Number, @Ticks, @Manifest, @Payload, @Checksum)
            """, snapshot.Metadata.PersistenceId, snapshot.Metadata.SequenceNr, snapshot.Manifest, snapshot.Payload, snapshot.Metadata.Timestamp.Ticks);

    public SnapshotRead Load(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        IEnumerable<Row> rows = _connection.Query<Row>(
            "SELECT sequence_nr AS Number, taken_at_ticks AS Ticks, manifest AS Manifest, payload AS Payload, checksum AS Checksum FROM snapshots "
            + MatchesCriteria + " ORDER BY sequence_nr DESC", Parameters(persistenceId, criteria), _transaction, buffered: false);
        ImmutableArray<DamagedRecordException>.Builder damages = ImmutableArray.CreateBuilder<DamagedRecordException>();
        foreach (Row row in rows)
        {
            if (Damage("snapshots", persistenceId, row) is not { } damaged)
            {
                SnapshotMetadata metadata = new(persistenceId, row.Number, new DateTime(row.Ticks, DateTimeKind.Utc));
                return new SnapshotRead(new StoredSnapshot(metadata, row.Manifest, row.Payload), damages.ToImmutable());
            }

            damages.Add(damaged);
        }

        return new SnapshotRead(null, damages.ToImmutable());
    }

    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria) =>
        _connection.Execute("DELETE FROM snapshots " + MatchesCriteria, Parameters(persistenceId, criteria), _transaction);

    public void Dispose() => _connection.Dispose();

    private const string MatchesCriteria =
        "WHERE persistence_id = @persistenceId AND sequence_nr BETWEEN @minNumber AND @maxNumber AND taken_at_ticks BETWEEN @minTicks AND @maxTicks";

    private static object Parameters(string persistenceId, SnapshotSelectionCriteria criteria) => new
    {
        persistenceId,
        minNumber = criteria.MinSequenceNr,
        maxNumber = criteria.MaxSequenceNr,
        minTicks = (criteria.MinTimestamp ?? DateTime.MinValue).Ticks,
        maxTicks = criteria.MaxTimeStamp.Ticks,
    };

    private (long Highest, long DeletedTo) Head(string persistenceId) =>
        _connection.QuerySingleOrDefault<(long, long)>(
            "SELECT highest_nr, deleted_to FROM streams WHERE persistence_id = @persistenceId", new { persistenceId }, _transaction);

    private void Insert(string statement, string id, long number, string manifest, ReadOnlyMemory<byte> payload, long ticks) =>
        _connection.Execute(statement, new
        {
            Id = id,
            Number = number,
            Ticks = ticks,
            Manifest = manifest,
            Payload = payload.ToArray(),
            Checksum = (long)RecordChecksum.Of(id, number, manifest, payload.Span),
        }, _transaction);

    private DamagedRecordException? Damage(string table, string persistenceId, Row row)
    {
        uint got = RecordChecksum.Of(persistenceId, row.Number, row.Manifest, row.Payload);
        return got == row.Checksum ? null : new DamagedRecordException(File, table, persistenceId, row.Number, unchecked((uint)row.Checksum), got);
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public long Ticks { get; init; }

        public string Manifest { get; init; } = "";

        public byte[] Payload { get; init; } = [];

        public long Checksum { get; init; }
    }
}

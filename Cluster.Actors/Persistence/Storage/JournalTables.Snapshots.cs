using Dapper;

namespace Cluster.Actors.Persistence.Storage;

// Snapshots: a row each that says how many blocks there are, and the blocks, each with a checksum of its own.
internal sealed partial class JournalTables
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytesMax = 256 * 1024;

    /// <summary>Snapshots kept of each stream: the newest, and two to fall back on.</summary>
    public const int SnapshotsKeptMax = 3;

    private const string MatchesCriteria =
        "WHERE persistence_id = @persistenceId AND sequence_nr BETWEEN @minNumber AND @maxNumber AND taken_at_ticks BETWEEN @minTicks AND @maxTicks";

    public void Save(StoredSnapshot snapshot)
    {
        (string id, long number) = (snapshot.Metadata.PersistenceId, snapshot.Metadata.SequenceNr);
        int blocks = Math.Max(1, (snapshot.Payload.Length + BlockBytesMax - 1) / BlockBytesMax);
        DeleteSnapshots(id, new SnapshotSelectionCriteria(number, DateTime.MaxValue, number));
        Connection.Execute(
            "INSERT INTO snapshots (persistence_id, sequence_nr, taken_at_ticks, manifest, blocks) VALUES (@id, @number, @Ticks, @Manifest, @blocks)",
            new { id, number, snapshot.Metadata.Timestamp.Ticks, snapshot.Manifest, blocks }, _transaction);
        for (int block = 0; block < blocks; block++)
        {
            ReadOnlyMemory<byte> rest = snapshot.Payload[(block * BlockBytesMax)..];
            byte[] payload = rest[..Math.Min(rest.Length, BlockBytesMax)].ToArray();
            Connection.Execute(
                "INSERT INTO snapshot_blocks (persistence_id, sequence_nr, block_nr, payload, checksum) VALUES (@id, @number, @block, @payload, @Checksum)",
                new { id, number, block, payload, Checksum = (long)ChecksumOf(id, number, snapshot.Manifest, block, blocks, payload) }, _transaction);
        }

        Prune(id);
    }

    public SnapshotRead Load(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        SnapshotRow[] rows = [.. Connection.Query<SnapshotRow>(
            "SELECT sequence_nr AS Number, taken_at_ticks AS Ticks, manifest AS Manifest, blocks AS Blocks FROM snapshots "
            + MatchesCriteria + " ORDER BY sequence_nr DESC", Parameters(persistenceId, criteria), _transaction)];
        ImmutableArray<DamagedRecordException>.Builder damages = ImmutableArray.CreateBuilder<DamagedRecordException>();
        foreach (SnapshotRow row in rows)
        {
            try
            {
                byte[] payload = ReadBlocks(persistenceId, row);
                SnapshotMetadata metadata = new(persistenceId, row.Number, new DateTime(row.Ticks, DateTimeKind.Utc));
                return new SnapshotRead(new StoredSnapshot(metadata, row.Manifest, payload), damages.ToImmutable());
            }
            catch (DamagedRecordException damaged)
            {
                damages.Add(damaged);
            }
        }

        return new SnapshotRead(null, damages.ToImmutable());
    }

    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        object parameters = Parameters(persistenceId, criteria);
        Connection.Execute(
            "DELETE FROM snapshot_blocks WHERE persistence_id = @persistenceId AND sequence_nr IN (SELECT sequence_nr FROM snapshots "
            + MatchesCriteria + ")", parameters, _transaction);
        Connection.Execute("DELETE FROM snapshots " + MatchesCriteria, parameters, _transaction);
    }

    private void Prune(string id)
    {
        long? oldestKept = Connection.ExecuteScalar<long?>(
            "SELECT sequence_nr FROM snapshots WHERE persistence_id = @id ORDER BY sequence_nr DESC LIMIT 1 OFFSET @Offset",
            new { id, Offset = SnapshotsKeptMax - 1 }, _transaction);
        if (oldestKept is { } oldest) DeleteSnapshots(id, new SnapshotSelectionCriteria(oldest - 1));
    }

    private byte[] ReadBlocks(string persistenceId, SnapshotRow row)
    {
        using MemoryStream payload = new();
        int block = 0;
        foreach ((long number, byte[] bytes, long wanted) in Connection.Query<(long, byte[], long)>(
            "SELECT block_nr, payload, checksum FROM snapshot_blocks WHERE persistence_id = @persistenceId AND sequence_nr = @Number ORDER BY block_nr",
            new { persistenceId, row.Number }, _transaction))
        {
            uint got = ChecksumOf(persistenceId, row.Number, row.Manifest, block, row.Blocks, bytes);
            if (number != block || got != wanted)
                throw new DamagedRecordException(Name, "snapshots", persistenceId, row.Number, unchecked((uint)wanted), got);
            payload.Write(bytes);
            block++;
        }

        return block == row.Blocks ? payload.ToArray()
            : throw new DamagedRecordException(Name, "snapshots", persistenceId, row.Number, wanted: (uint)row.Blocks, got: (uint)block);
    }

    /// <summary>A lone block's checksum is that of a snapshot of the first schema, which had no blocks.</summary>
    private static uint ChecksumOf(string id, long number, string manifest, int block, long blocks, byte[] payload) =>
        RecordChecksum.Of(id, number, blocks == 1 ? manifest : FormattableString.Invariant($"{manifest}#{block}/{blocks}"), payload);

    private static object Parameters(string persistenceId, SnapshotSelectionCriteria criteria) => new
    {
        persistenceId,
        minNumber = criteria.MinSequenceNr,
        maxNumber = criteria.MaxSequenceNr,
        minTicks = (criteria.MinTimestamp ?? DateTime.MinValue).Ticks,
        maxTicks = criteria.MaxTimeStamp.Ticks,
    };

    private sealed class SnapshotRow
    {
        public long Number { get; init; }

        public long Ticks { get; init; }

        public string Manifest { get; init; } = "";

        public long Blocks { get; init; }
    }
}

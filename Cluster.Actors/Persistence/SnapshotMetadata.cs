namespace Cluster.Actors.Persistence;

/// <summary>Which snapshot: of which stream, taken at which event, when.</summary>
public sealed record SnapshotMetadata
{
    public SnapshotMetadata(string persistenceId, long sequenceNr)
        : this(persistenceId, sequenceNr, DateTime.MinValue)
    {
    }

    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    public string PersistenceId { get; }

    public long SequenceNr { get; }

    /// <summary>UTC.</summary>
    public DateTime Timestamp { get; }
}

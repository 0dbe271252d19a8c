namespace Cluster.Actors.Persistence.Storage;

/// <summary>A stored record whose bytes no longer match the checksum written with them.</summary>
public sealed class DamagedRecordException : Exception
{
    public DamagedRecordException(string store, string table, string persistenceId, long sequenceNr, uint wanted, uint got)
        : base($"{store}: {table} row ({persistenceId}, {sequenceNr}): wanted checksum {wanted:x8}, got {got:x8}; "
            + "the row is damaged, restore the file from a copy")
    {
        Store = store;
        Table = table;
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
    }

    /// <summary>The file or store that holds the record.</summary>
    public string Store { get; }

    /// <summary>events or snapshots.</summary>
    public string Table { get; }

    /// <summary>The stream that the record belongs to.</summary>
    public string PersistenceId { get; }

    /// <summary>The record's number in the stream.</summary>
    public long SequenceNr { get; }
}

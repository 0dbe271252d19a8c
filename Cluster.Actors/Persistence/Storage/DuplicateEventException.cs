namespace Cluster.Actors.Persistence.Storage;

/// <summary>An event with this number exists already: two writers believe that they own the stream.</summary>
public sealed class DuplicateEventException(string store, string persistenceId, long sequenceNr, long highest)
    : Exception($"{store}: events of {persistenceId}: wanted to append {sequenceNr}, got a stream that ends at {highest}; "
        + "a second writer is active, or the stream was read from an older copy")
{
    /// <summary>The stream.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The number that was to be written.</summary>
    public long SequenceNr { get; } = sequenceNr;
}

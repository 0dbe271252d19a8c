namespace Cluster.Actors.Persistence.Storage;

/// <summary>Some consecutive events of a stream, and how far the stream goes.</summary>
/// <param name="Events">In ascending order; fewer than asked for only at the end of the range.</param>
/// <param name="HighestSequenceNr">The highest number ever written to the stream, deleted events included.</param>
/// <param name="DeletedTo">All events up to this number have been deleted.</param>
public sealed record EventPage(ImmutableArray<StoredEvent> Events, long HighestSequenceNr, long DeletedTo)
{
    /// <summary>What an unknown stream looks like.</summary>
    public static EventPage Empty { get; } = new([], 0, 0);
}

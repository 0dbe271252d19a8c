namespace Cluster.Actors.Persistence;

/// <summary>Offered to Recover before any event.</summary>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);

namespace Cluster.Actors.Persistence;

/// <summary>The snapshot is gone.</summary>
public sealed record DeleteSnapshotSuccess(SnapshotMetadata Metadata);

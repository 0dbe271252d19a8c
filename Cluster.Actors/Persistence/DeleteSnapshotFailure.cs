namespace Cluster.Actors.Persistence;

/// <summary>The snapshot could not be deleted.</summary>
public sealed record DeleteSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

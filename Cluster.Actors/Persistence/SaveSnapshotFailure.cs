namespace Cluster.Actors.Persistence;

/// <summary>The snapshot was not written; the actor goes on.</summary>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

namespace Cluster.Actors.Persistence;

/// <summary>The snapshots could not be deleted.</summary>
public sealed record DeleteSnapshotsFailure(SnapshotSelectionCriteria Criteria, Exception Cause);

namespace Cluster.Actors.Persistence;

/// <summary>All matching snapshots are gone.</summary>
public sealed record DeleteSnapshotsSuccess(SnapshotSelectionCriteria Criteria);

namespace Cluster.Actors.Persistence.Storage;

/// <summary>The newest sound snapshot that matched, and the damaged ones that were passed over to find it.</summary>
/// <param name="Snapshot">Null where none matched.</param>
/// <param name="Damaged">One per snapshot whose checksum did not match, newest first.</param>
public sealed record SnapshotRead(StoredSnapshot? Snapshot, ImmutableArray<DamagedRecordException> Damaged);

namespace Cluster.Actors.Persistence.Storage;

/// <summary>One snapshot as a store keeps it.</summary>
/// <param name="Metadata">Stream, sequence number and time.</param>
/// <param name="Manifest">The serializer's name of the snapshot's shape.</param>
/// <param name="Payload">The snapshot's bytes.</param>
public sealed record StoredSnapshot(SnapshotMetadata Metadata, string Manifest, ReadOnlyMemory<byte> Payload);

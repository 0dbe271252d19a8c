namespace Cluster.Actors.Persistence.Storage;

/// <summary>One event as a store keeps it: bytes and the manifest that tells the serializer how to read them.</summary>
/// <param name="PersistenceId">The stream.</param>
/// <param name="SequenceNr">Its place in the stream, from 1, without gaps.</param>
/// <param name="Manifest">The serializer's name of the event's shape; never a type name.</param>
/// <param name="Payload">The event's bytes.</param>
public sealed record StoredEvent(string PersistenceId, long SequenceNr, string Manifest, ReadOnlyMemory<byte> Payload);

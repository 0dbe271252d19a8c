using System.Runtime.Serialization;
using Cluster.Actors.Persistence.Storage;
using Cluster.Actors.Serialization;

namespace Cluster.Actors.Persistence;

/// <summary>
/// Turns events and snapshots into bytes and back with the serializers of the system. A stored manifest is the serializer's
/// number and its own manifest, "17:EpochPlanned"; it never names a type.
/// </summary>
internal sealed class EventCodec(ExtendedActorSystem system)
{
    /// <exception cref="UnknownManifestException">No serializer is for the event's type.</exception>
    public StoredEvent Encode(string persistenceId, long sequenceNr, object payload)
    {
        SerializedMessage encoded = Encode($"{persistenceId}, event {sequenceNr}", payload);
        return new StoredEvent(persistenceId, sequenceNr, ManifestOf(encoded), encoded.Bytes);
    }

    /// <exception cref="UnknownManifestException">No serializer is for the snapshot's type.</exception>
    public StoredSnapshot Encode(SnapshotMetadata metadata, object payload)
    {
        SerializedMessage encoded = Encode($"{metadata.PersistenceId}, snapshot {metadata.SequenceNr}", payload);
        return new StoredSnapshot(metadata, ManifestOf(encoded), encoded.Bytes);
    }

    /// <exception cref="UnknownManifestException">No serializer knows the manifest.</exception>
    public object Decode(StoredEvent stored) =>
        Decode($"{stored.PersistenceId}, event {stored.SequenceNr}", stored.Manifest, stored.Payload);

    /// <inheritdoc cref="Decode(StoredEvent)"/>
    public object Decode(StoredSnapshot stored) =>
        Decode($"{stored.Metadata.PersistenceId}, snapshot {stored.Metadata.SequenceNr}", stored.Manifest, stored.Payload);

    private static string ManifestOf(SerializedMessage encoded) =>
        string.Create(CultureInfo.InvariantCulture, $"{encoded.SerializerId}:{encoded.Manifest}");

    private SerializedMessage Encode(string where, object payload) =>
        system.Serialization.TrySerialize(payload) ?? throw new UnknownManifestException(where, payload.GetType().FullName ?? payload.GetType().Name);

    private object Decode(string where, string manifest, ReadOnlyMemory<byte> payload)
    {
        int colon = manifest.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !int.TryParse(manifest.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int serializer))
            throw new UnknownManifestException(where, manifest);
        try
        {
            return system.Serialization.Deserialize(payload.ToArray(), serializer, manifest[(colon + 1)..]);
        }
        catch (SerializationException unknown)
        {
            throw new UnknownManifestException(where, manifest, unknown);
        }
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Serialization;

namespace Cluster.Actors.Serialization;

/// <summary>The serializers of a system.</summary>
public sealed class Serialization
{
    private readonly EmbeddedActorSystem _system;
    private readonly Lazy<ImmutableArray<SerializerDetails>> _serializers;
    private readonly ConcurrentDictionary<Type, Serializer?> _byType = new();
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();

    internal Serialization(EmbeddedActorSystem system)
    {
        _system = system;
        _serializers = new(Load);
    }

    public ExtendedActorSystem System => _system;

    /// <summary>The reference as text, with address and incarnation; Provider.ResolveActorRef reads it.</summary>
    public static string SerializedActorPath(IActorRef? actorRef) => actorRef is null ? "" : actorRef.Path.ToSerializationFormat();

    /// <exception cref="SerializationException">No serializer is for that type.</exception>
    public Serializer FindSerializerForType(Type objectType) => TryFind(objectType) ?? throw new SerializationException(
        $"Serialization: wanted a serializer for {objectType}, got none; name the type in EmbeddedSetup.Serializers.");

    public Serializer FindSerializerFor(object obj) => FindSerializerForType(obj.GetType());

    public byte[] Serialize(object o) => FindSerializerFor(o).ToBinary(o);

    /// <exception cref="SerializationException">No serializer has that number, or the bytes are not what it wrote.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest) => Read(bytes, serializerId, manifest, depth: 0);

    /// <summary>The message as bytes; null where no serializer is for it.</summary>
    public SerializedMessage? TrySerialize(object message) =>
        TryFind(message.GetType()) is SerializerWithStringManifest serializer
            ? new SerializedMessage(serializer.Identifier, serializer.Manifest(message), serializer.ToBinary(message))
            : null;

    /// <summary>Appends the message's bytes; which serializer wrote them, and what; null where no serializer is for it.</summary>
    internal (int SerializerId, string Manifest)? TryWrite(object message, IBufferWriter<byte> output, int depth = 0)
    {
        if (FindNamed(message.GetType()) is not { } serializer) return null;
        Write(serializer, message, output, depth);
        return (serializer.Identifier, serializer.Manifest(message));
    }

    /// <summary>The serializer for messages of that type that leave the node; null where there is none.</summary>
    internal SerializerWithStringManifest? FindNamed(Type type) => TryFind(type) as SerializerWithStringManifest;

    internal static void Write(SerializerWithStringManifest serializer, object message, IBufferWriter<byte> output, int depth = 0)
    {
        if (serializer is EngineSerializer engine) engine.Write(message, output, depth);
        else if (serializer is IBufferSerializer buffered) buffered.Write(message, output);
        else output.Write(serializer.ToBinary(message));
    }

    /// <summary>Reads a message, which lies <paramref name="depth"/> messages deep in others; the bytes belong to it from now on.</summary>
    internal object Read(ReadOnlyMemory<byte> bytes, int serializerId, string manifest, int depth)
    {
        _ = _serializers.Value;
        _byId.TryGetValue(serializerId, out Serializer? serializer);
        return serializer switch
        {
            EngineSerializer engine => engine.Read(bytes, manifest, depth),
            IBufferSerializer buffered => buffered.Read(bytes, manifest),
            SerializerWithStringManifest named => named.FromBinary(Whole(bytes), manifest),
            _ => throw new SerializationException($"Serialization: wanted a known serializer, got number {serializerId}; register it on this node."),
        };
    }

    /// <summary>The bytes as an array of their own; not copied where they are one, as those of a network's message.</summary>
    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count ? array : bytes.ToArray();

    /// <summary>Adds serializers of an extension.</summary>
    internal void Add(SerializerDetails details)
    {
        _ = _serializers.Value;
        Register(details);
        _added = _added.Add(details);
        _byType.Clear();
    }

    private ImmutableArray<SerializerDetails> _added = [];

    private Serializer? TryFind(Type type) => _byType.GetOrAdd(type, Find);

    private Serializer? Find(Type type)
    {
        SerializerDetails? best = null;
        Type? bestFor = null;
        foreach (SerializerDetails details in _serializers.Value.Concat(_added))
        {
            foreach (Type candidate in details.UseFor)
            {
                bool closer = candidate.IsAssignableFrom(type) && (bestFor is null || bestFor.IsAssignableFrom(candidate));
                if (closer)
                    (best, bestFor) = (details, candidate);
            }
        }

        return best?.Serializer;
    }

    private ImmutableArray<SerializerDetails> Load()
    {
        ImmutableArray<SerializerDetails> all = [EngineSerializer.Details(_system), .. _system.Setup.Serializers(_system)];
        foreach (SerializerDetails details in all)
            Register(details);
        return all;
    }

    private void Register(SerializerDetails details)
    {
        Serializer known = _byId.GetOrAdd(details.Serializer.Identifier, details.Serializer);
        if (!ReferenceEquals(known, details.Serializer))
            throw new InvalidOperationException($"Serialization: wanted a new number for '{details.Alias}', got {details.Serializer.Identifier}, which {known.GetType().Name} has; change it.");
    }
}

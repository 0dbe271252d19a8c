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
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        _ = _serializers.Value;
        if (!_byId.TryGetValue(serializerId, out Serializer? serializer) || serializer is not SerializerWithStringManifest named)
            throw new SerializationException($"Serialization: wanted a known serializer, got number {serializerId} with manifest '{manifest}'; register it on this node.");
        return named.FromBinary(bytes, manifest);
    }

    /// <summary>The message as bytes; null where no serializer is for it.</summary>
    public SerializedMessage? TrySerialize(object message) =>
        TryFind(message.GetType()) is SerializerWithStringManifest serializer
            ? new SerializedMessage(serializer.Identifier, serializer.Manifest(message), serializer.ToBinary(message))
            : null;

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

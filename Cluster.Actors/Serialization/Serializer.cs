namespace Cluster.Actors.Serialization;

/// <summary>Turns messages into bytes and back.</summary>
public abstract class Serializer(ExtendedActorSystem system)
{
    protected ExtendedActorSystem System { get; } = system;

    /// <summary>Names the serializer on the wire; 0 to 40 are the engine's.</summary>
    public abstract int Identifier { get; }

    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    public abstract object FromBinary(byte[] bytes, Type type);
}

/// <summary>A serializer that names its types by texts of its own, so that no type name travels.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    public sealed override bool IncludeManifest => true;

    public sealed override object FromBinary(byte[] bytes, Type type) =>
        throw new NotSupportedException($"{GetType().Name}: wanted a manifest, got the type {type}; call FromBinary(bytes, manifest).");

    public abstract object FromBinary(byte[] bytes, string manifest);

    public abstract string Manifest(object o);
}

/// <summary>Which serializer is for which types.</summary>
public sealed class SerializerDetails
{
    private SerializerDetails(string alias, Serializer serializer, ImmutableHashSet<Type> useFor)
    {
        Alias = alias;
        Serializer = serializer;
        UseFor = useFor;
    }

    public string Alias { get; }

    public Serializer Serializer { get; }

    public ImmutableHashSet<Type> UseFor { get; }

    public static SerializerDetails Create(string alias, Serializer serializer, ImmutableHashSet<Type> useFor) => new(alias, serializer, useFor);
}

/// <summary>A message as bytes, with what is needed to read it.</summary>
public sealed record SerializedMessage(int SerializerId, string Manifest, byte[] Bytes);

namespace Cluster.Messages.Wire;

/// <summary>The actor engine's way to <see cref="WireFormat"/>: for messages between nodes and for what is journalled.</summary>
public sealed class ClusterMessageSerializer : SerializerWithStringManifest
{
    /// <summary>Names the serializer on the wire and in the journal; never changed.</summary>
    public const int Number = 1701;

    private readonly WireFormat _format;

    /// <summary>The serializer of one actor system.</summary>
    /// <param name="system">Resolves actor references.</param>
    /// <param name="codecs">All that may travel; nothing can be added from now on.</param>
    public ClusterMessageSerializer(ExtendedActorSystem system, MessageCodecs codecs)
        : base(system) => _format = new WireFormat(codecs, new SystemActorPaths(system));

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <inheritdoc/>
    public override string Manifest(object o) => _format.Manifest(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => _format.Write(obj);

    /// <inheritdoc/>
    /// <exception cref="MalformedMessageException">The manifest is unknown, or the bytes are no such message.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => _format.Read(bytes, manifest);

    private sealed class SystemActorPaths(ExtendedActorSystem system) : IActorPaths
    {
        public string PathOf(IActorRef actor) => Serialization.SerializedActorPath(actor);

        public IActorRef Resolve(string path) => system.Provider.ResolveActorRef(path);
    }
}

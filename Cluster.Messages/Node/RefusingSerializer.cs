using System.Runtime.Serialization;
using Akka.Configuration;

namespace Cluster.Messages.Node;

/// <summary>Replaces the engine's serializers that find types by name or create actors: nothing is sent or read that way.</summary>
public sealed class RefusingSerializer : Serializer
{
    private const int JsonIdentifier = 1;

    /// <summary>Made by the engine.</summary>
    /// <param name="system">The system.</param>
    /// <param name="settings">Of the serializer in whose place it stands: <c>identifier</c> is that one's, by default that of JSON.</param>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Identifier = settings.GetInt("identifier", JsonIdentifier);
    }

    /// <inheritdoc/>
    public override int Identifier { get; }

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType().Name}: wanted a type that MessageCodecs knows, got one that it does not; register it.");

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("message: wanted one with a manifest of MessageCodecs, got one that names its type; is the sender a node of this cluster?");
}

using System.Buffers;
using System.Runtime.Serialization;

namespace Cluster.Actors.Serialization;

/// <summary>Serializes the messages that the engine itself sends, and plain values.</summary>
internal sealed class EngineSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system), IBufferSerializer
{
    public const int Number = 2;

    public override int Identifier => Number;

    public override string Manifest(object o) => Codec(o).Manifest;

    public override byte[] ToBinary(object obj)
    {
        ArrayBufferWriter<byte> output = new();
        Write(obj, output);
        return output.WrittenSpan.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest);

    public void Write(object message, IBufferWriter<byte> output) => Write(message, output, depth: 0);

    public object Read(ReadOnlyMemory<byte> bytes, string manifest) => Read(bytes, manifest, depth: 0);

    internal void Write(object message, IBufferWriter<byte> output, int depth) =>
        Codec(message).Write(new EngineWriter(output, System.Serialization, depth), message);

    internal object Read(ReadOnlyMemory<byte> bytes, string manifest, int depth)
    {
        if (!EngineCodecs.ByManifest.TryGetValue(manifest, out EngineCodec? codec))
            throw new SerializationException($"EngineSerializer: wanted a known manifest, got {(manifest.Length > 32 ? "a long one" : $"'{manifest}'")}.");
        EngineReader reader = new(bytes, codec.Type.Name, System.Serialization, depth);
        object message = codec.Read(reader);
        reader.End();
        return message;
    }

    internal static SerializerDetails Details(ExtendedActorSystem system) => SerializerDetails.Create(
        "engine", new EngineSerializer(system), [.. EngineCodecs.All.Select(codec => codec.Type)]);

    private static EngineCodec Codec(object message) => EngineCodecs.ByType.TryGetValue(message.GetType(), out EngineCodec? codec)
        ? codec
        : throw new SerializationException($"EngineSerializer: wanted one of the engine's messages, got {message.GetType()}.");
}

/// <summary>What failed on another node: its kind and its text.</summary>
public sealed class RemoteFailureException(string kind, string message) : AkkaException($"{kind}: {message}")
{
    public string Kind { get; } = kind;
}

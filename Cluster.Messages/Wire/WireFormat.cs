using System.Buffers;

namespace Cluster.Messages.Wire;

/// <summary>Messages to bytes and back, for one actor system. Safe for several threads.</summary>
/// <remarks>
/// Layout    the fields in the order of the record's codec; no header: the manifest travels beside the bytes
/// Cost      one array a message, of its exact length; the buffer it is gathered in is kept for the next
/// </remarks>
public sealed class WireFormat
{
    private readonly MessageCodecs _codecs;
    private readonly IActorPaths _actors;
    private WireWriter? _spare;

    /// <summary>A format that knows these codecs; none can be added from now on.</summary>
    public WireFormat(MessageCodecs codecs, IActorPaths actors)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        ArgumentNullException.ThrowIfNull(actors);
        _codecs = codecs.Freeze();
        _actors = actors;
    }

    /// <summary>The short name of the message's type.</summary>
    /// <exception cref="UnsendableMessageException">The type has no codec.</exception>
    public string Manifest(object message) => Codec(message).Manifest;

    /// <summary>The message's bytes.</summary>
    /// <exception cref="UnsendableMessageException">The type has no codec, or a field is beyond its limit.</exception>
    public byte[] Write(object message)
    {
        MessageCodec codec = Codec(message);
        WireWriter writer = Interlocked.Exchange(ref _spare, null) ?? new WireWriter(_actors);
        codec.Write(writer, message);
        byte[] bytes = writer.Written.ToArray();
        _spare = writer;
        return bytes;
    }

    /// <summary>Appends the message's bytes; a payload is copied from the sender's memory straight into the output.</summary>
    /// <exception cref="UnsendableMessageException">The type has no codec, or a field is beyond its limit.</exception>
    public void Write(object message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        MessageCodec codec = Codec(message);
        WireWriter writer = Interlocked.Exchange(ref _spare, null) ?? new WireWriter(_actors);
        writer.KeepsPayloads = true;
        codec.Write(writer, message);
        writer.CopyTo(output);
        writer.KeepsPayloads = false;
        _spare = writer;
    }

    /// <summary>The message that the bytes stand for.</summary>
    /// <param name="bytes">They belong to the message from now on: its payload refers to them.</param>
    /// <param name="manifest">What came beside them.</param>
    /// <exception cref="MalformedMessageException">The manifest is unknown, or the bytes are no such message.</exception>
    public object Read(ReadOnlyMemory<byte> bytes, string manifest) => _codecs.TryFind(manifest, out MessageCodec? codec)
        ? codec.Read(bytes, _actors)
        : throw new MalformedMessageException("message", "manifest", 0, "a known one", manifest.Length > Limits.ManifestCharsMax ? "a long one" : $"'{manifest}'");

    private MessageCodec Codec(object message) => _codecs.TryFind(message.GetType(), out MessageCodec? codec)
        ? codec
        : throw new UnsendableMessageException("message", "a type that MessageCodecs knows", message.GetType().Name);
}

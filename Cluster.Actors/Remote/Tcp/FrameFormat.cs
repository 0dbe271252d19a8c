using System.Buffers.Binary;
using Cluster.Actors.Serialization;

namespace Cluster.Actors;

/// <summary>
/// A frame: length of the message (4 bytes, little-endian), length of the header (2 bytes), header, message. The header names the
/// serializer, the manifest, the recipient and the sender; an actor of the node at either end goes without its address.
/// </summary>
internal static class FrameFormat
{
    public const int PrefixBytes = sizeof(int) + sizeof(ushort);

    public const int HeaderBytesMax = 2 * EngineLimits.PathBytesMax + 2 * EngineLimits.NameBytesMax;

    /// <summary>The longest message, with room for an envelope around it.</summary>
    public const int MessageBytesMax = EngineLimits.MessageBytesMax + 16 * 1024;

    public const int FrameBytesMax = PrefixBytes + HeaderBytesMax + MessageBytesMax;

    /// <summary>The frame of an envelope; null where no serializer is for its message.</summary>
    public static OutgoingFrame? TryWrite(NodeEnvelope envelope, Serialization.Serialization serialization)
    {
        if (serialization.FindNamed(envelope.Message.GetType()) is not { } serializer) return null;
        OutgoingFrame frame = new(FrameBytesMax);
        try
        {
            frame.GetSpan(PrefixBytes);
            frame.Advance(PrefixBytes);
            EngineWriter header = new(frame, serialization);
            header.Count(serializer.Identifier, int.MaxValue, "serializer");
            header.Text(serializer.Manifest(envelope.Message), EngineLimits.NameBytesMax, "manifest");
            header.Text(PathOf(envelope.Recipient, envelope.To), EngineLimits.PathBytesMax, "recipient");
            header.Text(envelope.Sender is { } sender ? PathOf(sender.Path, envelope.From) : "", EngineLimits.PathBytesMax, "sender");
            int headerBytes = frame.Length - PrefixBytes;
            Serialization.Serialization.Write(serializer, envelope.Message, frame);
            Span<byte> prefix = frame.Written(0, PrefixBytes);
            BinaryPrimitives.WriteInt32LittleEndian(prefix, frame.Length - PrefixBytes - headerBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(prefix[sizeof(int)..], (ushort)headerBytes);
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    /// <summary>The lengths of message and header that a frame begins with.</summary>
    /// <exception cref="MalformedFrameException">They are beyond their limits.</exception>
    public static (int Message, int Header) ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        int message = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        int header = BinaryPrimitives.ReadUInt16LittleEndian(prefix[sizeof(int)..]);
        if (message is < 0 or > MessageBytesMax) throw new MalformedFrameException($"wanted a message of at most {MessageBytesMax} bytes, got {message}");
        if (header is 0 or > HeaderBytesMax) throw new MalformedFrameException($"wanted a header of 1 to {HeaderBytesMax} bytes, got {header}");
        return (message, header);
    }

    private static string PathOf(ActorPath path, Address home)
    {
        if (!path.Address.Equals(home)) return path.ToSerializationFormat();
        string text = path.ToStringWithoutAddress();
        return path.Uid == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}#{path.Uid}");
    }
}

/// <summary>What came over a connection is no frame: the connection ends, the node lives.</summary>
internal sealed class MalformedFrameException(string fault) : IOException($"frame: {fault}");

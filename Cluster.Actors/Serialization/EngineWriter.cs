using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;

namespace Cluster.Actors.Serialization;

/// <summary>
/// Writes the fields of the engine's messages, in order: numbers little-endian and of fixed width, counts and lengths as unsigned
/// LEB128 in as few bytes as they need, text as UTF-8 behind its length, an actor as its path with its node's address.
/// </summary>
internal sealed class EngineWriter(IBufferWriter<byte> output, Serialization? serialization, int depth = 0)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public void UInt64(ulong value) => Int64(unchecked((long)value));

    public void Count(int count, int countMax, string field)
    {
        if (count < 0 || count > countMax) throw Fault(field, $"0 to {countMax}", count);
        uint rest = (uint)count;
        for (; rest >= 0x80; rest >>= 7) Byte((byte)(rest & 0x7F | 0x80));
        Byte((byte)rest);
    }

    public void Text(string text, int bytesMax, string field)
    {
        int bytes = s_strict.GetByteCount(text);
        Count(bytes, bytesMax, field);
        s_strict.GetBytes(text, output);
    }

    /// <summary>Text for a person: what is too long is cut, what is no Unicode is replaced.</summary>
    public void Reason(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Length > EngineLimits.ReasonBytesMax ? text[..EngineLimits.ReasonBytesMax] : text);
        int length = Math.Min(bytes.Length, EngineLimits.ReasonBytesMax);
        while (length < bytes.Length && (bytes[length] & 0xC0) == 0x80) length--;
        Count(length, EngineLimits.ReasonBytesMax, nameof(Reason));
        output.Write(bytes.AsSpan(0, length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes, string field)
    {
        Count(bytes.Length, EngineLimits.MessageBytesMax, field);
        output.Write(bytes);
    }

    public void Actor(IActorRef? actor, string field) => Text(Serialization.SerializedActorPath(actor), EngineLimits.PathBytesMax, field);

    public void Address(Address address, string field)
    {
        Text(address.Protocol, EngineLimits.HostBytesMax, field);
        Text(address.System, EngineLimits.HostBytesMax, field);
        Text(address.Host ?? "", EngineLimits.HostBytesMax, field);
        Int32(address.Port ?? 0);
    }

    public void Node(UniqueAddress node, string field)
    {
        Address(node.Address, field);
        Int32(node.Uid);
    }

    public void List<T>(IReadOnlyCollection<T> items, int countMax, string field, Action<EngineWriter, T> write)
    {
        Count(items.Count, countMax, field);
        foreach (T item in items) write(this, item);
    }

    /// <summary>A message inside another, behind the number of its serializer, its manifest and its length; nothing behind 0.</summary>
    public void Nested(object? message, string field)
    {
        Boolean(message is not null);
        if (message is null) return;
        if (depth >= EngineLimits.DepthMax) throw Fault(field, $"at most {EngineLimits.DepthMax} messages inside each other", "more");
        ArrayBufferWriter<byte> inner = new();
        (int serializer, string manifest) = serialization?.TryWrite(message, inner, depth + 1)
            ?? throw Fault(field, "a message with a serializer", message.GetType());
        Count(serializer, int.MaxValue, field);
        Text(manifest, EngineLimits.NameBytesMax, field);
        Bytes(inner.WrittenSpan, field);
    }

    private static SerializationException Fault(string field, string wanted, object got) =>
        new($"engine message, {field}: wanted {wanted}, got {got}.");
}

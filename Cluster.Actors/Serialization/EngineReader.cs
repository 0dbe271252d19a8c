using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;

namespace Cluster.Actors.Serialization;

/// <summary>
/// Reads the fields of one of the engine's messages as <see cref="EngineWriter"/> wrote them. Whatever the bytes are, it reads
/// what a writer could have written or throws <see cref="SerializationException"/>, and allocates no more than a small multiple
/// of the bytes that it was given.
/// </summary>
internal sealed class EngineReader(ReadOnlyMemory<byte> bytes, string message, Serialization? serialization, int depth = 0)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private int _offset;

    private int Left => bytes.Length - _offset;

    public byte Byte(string field) => Take(1, field)[0];

    public bool Boolean(string field)
    {
        byte value = Byte(field);
        return value <= 1 ? value == 1 : throw Fault(field, "0 or 1", value);
    }

    public int Int32(string field) => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), field));

    public long Int64(string field) => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), field));

    public ulong UInt64(string field) => unchecked((ulong)Int64(field));

    /// <summary>The count of a list whose elements take at least <paramref name="elementBytes"/> bytes each.</summary>
    public int Count(int countMax, int elementBytes, string field)
    {
        ulong count = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Byte(field);
            if (shift > 28 || (part == 0 && shift > 0)) throw Fault(field, "a length in as few bytes as it needs", "a longer one");
            count |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) break;
        }

        if (count > (ulong)countMax) throw Fault(field, $"at most {countMax}", count);
        if (count * (ulong)elementBytes > (ulong)Left) throw Fault(field, $"{count} elements of {elementBytes} bytes", $"{Left} bytes");
        return (int)count;
    }

    public string Text(int bytesMax, string field)
    {
        int length = Count(bytesMax, 1, field);
        try
        {
            return s_strict.GetString(Take(length, field));
        }
        catch (DecoderFallbackException)
        {
            throw Fault(field, "UTF-8", "other bytes");
        }
    }

    public string Reason() => Text(EngineLimits.ReasonBytesMax, nameof(Reason));

    public ReadOnlyMemory<byte> Bytes(string field)
    {
        int length = Count(EngineLimits.MessageBytesMax, 1, field);
        int start = _offset;
        Take(length, field);
        return bytes.Slice(start, length);
    }

    public IActorRef Actor(string field) => ActorOrNull(field) ?? throw Fault(field, "an actor", "nobody");

    public IActorRef? ActorOrNull(string field)
    {
        string path = Text(EngineLimits.PathBytesMax, field);
        if (path.Length == 0) return null;
        return ActorPath.TryParse(path, out ActorPath? parsed)
            ? serialization!.System.Provider.ResolveActorRef(parsed)
            : throw Fault(field, "an actor's path", "other text");
    }

    public Address Address(string field)
    {
        string protocol = Text(EngineLimits.HostBytesMax, field);
        string system = Text(EngineLimits.HostBytesMax, field);
        string host = Text(EngineLimits.HostBytesMax, field);
        int port = Int32(field);
        if (port is < 0 or > ushort.MaxValue) throw Fault(field, "a port of 0 to 65535", port);
        return new Address(protocol, system, host, port);
    }

    public UniqueAddress Node(string field) => new(Address(field), Int32(field));

    public ImmutableArray<T> List<T>(int countMax, int elementBytes, string field, Func<EngineReader, T> read)
    {
        int count = Count(countMax, elementBytes, field);
        ImmutableArray<T>.Builder list = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++) list.Add(read(this));
        return list.MoveToImmutable();
    }

    public object? NestedOrNull(string field)
    {
        if (!Boolean(field)) return null;
        if (depth >= EngineLimits.DepthMax) throw Fault(field, $"at most {EngineLimits.DepthMax} messages inside each other", "more");
        int serializer = Count(int.MaxValue, 0, field);
        string manifest = Text(EngineLimits.NameBytesMax, field);
        return serialization!.Read(Bytes(field), serializer, manifest, depth + 1);
    }

    public object Nested(string field) => NestedOrNull(field) ?? throw Fault(field, "a message", "none");

    /// <summary>Requires that every byte has been read.</summary>
    public void End()
    {
        if (Left != 0) throw Fault("end", "no more bytes", Left);
    }

    public SerializationException Fault(string field, string wanted, object got) =>
        new($"{message}.{field} at byte {_offset}: wanted {wanted}, got {got}.");

    private ReadOnlySpan<byte> Take(int count, string field)
    {
        if (count > Left) throw Fault(field, $"{count} bytes", $"{Left}");
        ReadOnlySpan<byte> span = bytes.Span.Slice(_offset, count);
        _offset += count;
        return span;
    }
}

using System.Buffers.Binary;
using System.Text;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Wire;

/// <summary>Reads the fields of one message in the order in which <see cref="WireWriter"/> wrote them.</summary>
/// <remarks>
/// Whatever the bytes are, it either reads what a writer could have written or throws <see cref="MalformedMessageException"/>;
/// it allocates no more than a small multiple of the bytes that it was given. A payload refers to these bytes, uncopied.
/// </remarks>
public sealed class WireReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly IActorPaths _actors;
    private readonly string _message;
    private int _offset;

    /// <summary>A reader at the first byte.</summary>
    /// <param name="bytes">The message. They belong to it from now on: payloads refer to them.</param>
    /// <param name="actors">Resolves references.</param>
    /// <param name="message">What is being read, for errors.</param>
    public WireReader(ReadOnlyMemory<byte> bytes, IActorPaths actors, string message)
    {
        _bytes = bytes;
        _actors = actors;
        _message = message;
    }

    /// <summary>One element of a list.</summary>
    public delegate T ReadElement<out T>(WireReader reader);

    private int Left => _bytes.Length - _offset;

    /// <summary>Reads one byte.</summary>
    public byte Byte(string field) => Take(1, field)[0];

    /// <summary>Reads 1 or 0.</summary>
    public bool Boolean(string field)
    {
        byte value = Byte(field);
        return value <= 1 ? value == 1 : throw Failure(field, "0 or 1", $"{value}");
    }

    /// <summary>Reads 4 bytes.</summary>
    public int Int32(string field) => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), field));

    /// <summary>Reads 4 bytes that are <paramref name="least"/> … <paramref name="most"/>.</summary>
    public int Int32(string field, int least, int most)
    {
        int value = Int32(field);
        return value >= least && value <= most ? value : throw Failure(field, $"{least} to {most}", $"{value}");
    }

    /// <summary>Reads 8 bytes.</summary>
    public long Int64(string field) => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), field));

    /// <summary>Reads 8 bytes: the double as it was, NaN with its bits.</summary>
    public double Double(string field) => BitConverter.Int64BitsToDouble(Int64(field));

    /// <summary>Reads a value, if there is one.</summary>
    public double? NullableDouble(string field) => Boolean(field) ? Double(field) : null;

    /// <summary>Reads an enumeration's value, 1 … <paramref name="last"/>.</summary>
    public byte Choice(byte last, string field)
    {
        byte value = Byte(field);
        return value >= 1 && value <= last ? value : throw Failure(field, $"1 to {last}", $"{value}");
    }

    /// <summary>Reads the count of a list whose elements take at least <paramref name="elementBytes"/> bytes each.</summary>
    public int Count(int countMax, int elementBytes, string field)
    {
        uint count = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Byte(field);
            if (shift > 21 || (part == 0 && shift > 0)) throw Failure(field, "a length in as few bytes as it needs", "a longer one");
            count |= (uint)(part & 0x7F) << shift;
            if (part < 0x80) break;
        }
        if (count > countMax) throw Failure(field, $"at most {countMax}", $"{count}");
        if (count * elementBytes > Left) throw Failure(field, $"{count} × {elementBytes} bytes", $"{Left} left");
        return (int)count;
    }

    /// <summary>Reads text of at most <paramref name="bytesMax"/> bytes.</summary>
    public string Text(int bytesMax, string field)
    {
        int bytes = Count(bytesMax, 1, field);
        try
        {
            return Strict.GetString(Take(bytes, field));
        }
        catch (DecoderFallbackException)
        {
            throw Failure(field, "UTF-8", "other bytes");
        }
    }

    /// <summary>Reads text for a person.</summary>
    public string Reason() => Text(Limits.ReasonBytesMax, nameof(Reason));

    /// <summary>Reads an actor's serialised path and resolves it.</summary>
    public IActorRef Actor(string field)
    {
        string path = Text(Limits.ActorPathBytesMax, field);
        return path.Length > 0 ? _actors.Resolve(path) : throw Failure(field, "an actor's path", "nothing");
    }

    /// <summary>Reads numbers, which refer to the message's bytes, or the handle of those that are elsewhere.</summary>
    public TensorPayload Payload(string field)
    {
        var kind = (PayloadKind)Choice((byte)PayloadKind.Bytes, field);
        if (Boolean(field)) return Handle(kind, field);
        int length = Count(VectorExchange.InlineBytesMax, 1, field);
        int unit = new TensorPayload(kind, default).UnitBytes;
        if (length % unit != 0) throw Failure(field, $"a multiple of {unit} bytes", $"{length} bytes");
        int start = _offset;
        Take(length, field);
        return new TensorPayload(kind, _bytes.Slice(start, length));
    }

    /// <summary>Reads raw bytes behind their count.</summary>
    /// <param name="bytesMax">How many there may be.</param>
    /// <param name="field">Its name, for errors.</param>
    public ImmutableArray<byte> Bytes(int bytesMax, string field) => [.. Take(Count(bytesMax, 1, field), field)];

    /// <summary>Reads a list.</summary>
    /// <param name="countMax">How many there may be.</param>
    /// <param name="elementBytes">How many bytes each takes, at least.</param>
    /// <param name="field">Its name, for errors.</param>
    /// <param name="element">Reads one of them.</param>
    public ImmutableArray<T> List<T>(int countMax, int elementBytes, string field, ReadElement<T> element)
    {
        int count = Count(countMax, elementBytes, field);
        var list = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++) list.Add(element(this));
        return list.MoveToImmutable();
    }

    /// <summary>Requires that every byte has been read.</summary>
    public void End()
    {
        if (Left != 0) throw Failure("end", "no more bytes", $"{Left}");
    }

    /// <summary>The error to throw when what was read is not what it should be.</summary>
    public MalformedMessageException Failure(string field, string wanted, string got) => new(_message, field, _offset, wanted, got);

    private TensorPayload Handle(PayloadKind kind, string field)
    {
        DataPeer from = new(Text(DataPlaneLimits.NameBytesMax, field), Text(DataPlaneLimits.HostBytesMax, field));
        VectorKey key = new(Int64(field), Int64(field), Int64(field));
        TensorPayload payload = new(kind, default, new VectorHandle(from, key, Int32(field, 1, DataPlaneLimits.VectorBytesMax)));
        return payload.Length % payload.UnitBytes == 0 ? payload : throw Failure(field, $"a multiple of {payload.UnitBytes} bytes", $"{payload.Length} bytes");
    }

    private ReadOnlySpan<byte> Take(int bytes, string field)
    {
        if (bytes > Left) throw Failure(field, $"{bytes} bytes", $"{Left} left");
        ReadOnlySpan<byte> span = _bytes.Span.Slice(_offset, bytes);
        _offset += bytes;
        return span;
    }
}

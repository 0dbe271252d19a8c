using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Wire;

/// <summary>Writes the fields of one message, in order, into a buffer that is reused for the next.</summary>
/// <remarks>
/// Numbers are little-endian and of fixed width; doubles are written bit by bit, so NaN keeps its payload. Lengths and
/// counts are unsigned LEB128, in as few bytes as they need. Text is UTF-8 behind its length in bytes.
/// Not safe for several threads.
/// </remarks>
public sealed class WireWriter
{
    private const int BufferBytesMin = 512;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IActorPaths _actors;
    private byte[] _buffer = [];
    private int _length;
    private int _bytesMax = Limits.MessageBytesMax;
    private ReadOnlyMemory<byte> _kept;
    private int _keptAt;

    /// <summary>A writer with an empty buffer.</summary>
    public WireWriter(IActorPaths actors) => _actors = actors;

    /// <summary>What has been written since <see cref="Clear"/>. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>
    /// Whether a message's first payload is only referred to until <see cref="CopyTo"/>, which saves a copy; then
    /// <see cref="Written"/> goes without it.
    /// </summary>
    internal bool KeepsPayloads { get; set; }

    /// <summary>Begins another message.</summary>
    /// <param name="bytesMax">How long it may become.</param>
    public void Clear(int bytesMax = Limits.MessageBytesMax)
    {
        _length = 0;
        _kept = default;
        _bytesMax = bytesMax;
    }

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Writes 1 or 0.</summary>
    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 4 bytes.</summary>
    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    /// <summary>Writes 8 bytes.</summary>
    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>Writes 8 bytes: every double exactly, NaN with its bits.</summary>
    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes whether there is a value, and the value.</summary>
    public void Nullable(double? value)
    {
        Boolean(value.HasValue);
        if (value is { } number) Double(number);
    }

    /// <summary>Writes an enumeration's value, which must be 1 … <paramref name="last"/>.</summary>
    /// <exception cref="UnsendableMessageException">It is another.</exception>
    public void Choice(byte value, byte last, string field)
    {
        if (value < 1 || value > last) throw new UnsendableMessageException(field, $"1 to {last}", $"{value}");
        Byte(value);
    }

    /// <summary>Writes the count of a list.</summary>
    /// <exception cref="UnsendableMessageException">More than <paramref name="countMax"/>, or negative.</exception>
    public void Count(int count, int countMax, string field)
    {
        if (count < 0 || count > countMax) throw new UnsendableMessageException(field, $"0 to {countMax}", $"{count}");
        uint rest = (uint)count;
        for (; rest >= 0x80; rest >>= 7) Byte((byte)(rest & 0x7F | 0x80));
        Byte((byte)rest);
    }

    /// <summary>Writes text.</summary>
    /// <exception cref="UnsendableMessageException">Null, longer than <paramref name="bytesMax"/> in UTF-8, or no valid Unicode.</exception>
    public void Text(string value, int bytesMax, string field)
    {
        if (value is null) throw new UnsendableMessageException(field, "text", "null");
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(value);
        }
        catch (EncoderFallbackException)
        {
            throw new UnsendableMessageException(field, "valid Unicode", "half of a surrogate pair");
        }
        Count(bytes, bytesMax, field);
        Strict.GetBytes(value, Take(bytes));
    }

    /// <summary>Writes raw bytes behind their count.</summary>
    /// <exception cref="UnsendableMessageException">More than <paramref name="bytesMax"/>.</exception>
    public void Bytes(ReadOnlySpan<byte> value, int bytesMax, string field)
    {
        Count(value.Length, bytesMax, field);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Writes text for a person: what is too long is cut, what is no Unicode is replaced, so that bad news always gets through.</summary>
    public void Reason(string? value)
    {
        string text = value ?? string.Empty;
        if (text.Length > Limits.ReasonBytesMax) text = text[..Limits.ReasonBytesMax];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = bytes.Length;
        if (length > Limits.ReasonBytesMax)
        {
            length = Limits.ReasonBytesMax;
            while ((bytes[length] & 0xC0) == 0x80) length--;
        }
        Count(length, Limits.ReasonBytesMax, nameof(Reason));
        bytes.AsSpan(0, length).CopyTo(Take(length));
    }

    /// <summary>Writes an actor as its serialised path.</summary>
    /// <exception cref="UnsendableMessageException">Null, or its path is longer than <see cref="Limits.ActorPathBytesMax"/>.</exception>
    public void Actor(IActorRef actor, string field)
    {
        if (actor is null) throw new UnsendableMessageException(field, "an actor", "null");
        Text(_actors.PathOf(actor), Limits.ActorPathBytesMax, field);
    }

    /// <summary>Writes numbers, as kind, length and raw bytes, or the handle of those that come by the data plane.</summary>
    /// <exception cref="UnsendableMessageException">More than <see cref="VectorExchange.InlineBytesMax"/>, or no whole number of numbers.</exception>
    public void Payload(TensorPayload payload, string field)
    {
        Choice((byte)payload.Kind, (byte)PayloadKind.Bytes, field);
        if (payload.Length % payload.UnitBytes != 0)
            throw new UnsendableMessageException(field, $"a multiple of {payload.UnitBytes} bytes", $"{payload.Length} bytes");
        Boolean(payload.Handle is not null);
        if (payload.Handle is { } handle)
        {
            Handle(handle, field);
            return;
        }
        Count(payload.Bytes.Length, VectorExchange.InlineBytesMax, field);
        if (KeepsPayloads && _kept.IsEmpty)
        {
            Require(_length + payload.Bytes.Length);
            (_kept, _keptAt) = (payload.Bytes, _length);
        }
        else payload.Bytes.Span.CopyTo(Take(payload.Bytes.Length));
    }

    /// <summary>Appends the message, its payload in its place, and lets go of the sender's memory.</summary>
    internal void CopyTo(IBufferWriter<byte> output)
    {
        int before = _kept.IsEmpty ? _length : _keptAt;
        output.GetSpan(_length + _kept.Length);     // room for all of it at once
        output.Write(_buffer.AsSpan(0, before));
        output.Write(_kept.Span);
        output.Write(_buffer.AsSpan(before, _length - before));
        _kept = default;
    }

    private void Handle(VectorHandle handle, string field)
    {
        Text(handle.From.Name, DataPlaneLimits.NameBytesMax, field);
        Text(handle.From.Host, DataPlaneLimits.HostBytesMax, field);
        Int64(handle.Key.Stream);
        Int64(handle.Key.Life);
        Int64(handle.Key.Round);
        Int32(handle.Bytes);
    }

    private Span<byte> Take(int bytes)
    {
        int wanted = _length + bytes;
        Require(wanted + _kept.Length);
        if (wanted > _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(Limits.MessageBytesMax, Math.Max(wanted, Math.Max(BufferBytesMin, 2 * _buffer.Length))));
        Span<byte> span = _buffer.AsSpan(_length, bytes);
        _length = wanted;
        return span;
    }

    private void Require(int bytes)
    {
        if (bytes > _bytesMax) throw new UnsendableMessageException("message", $"at most {_bytesMax} bytes", $"at least {bytes}");
    }
}

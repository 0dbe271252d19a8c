using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Cluster.Ml.Export.Onnx;

/// <summary>Writes one message in the wire format of Protocol Buffers: the few kinds of field that ONNX has.</summary>
/// <remarks>
/// Format  a key (field · 8 + wire type) before each value; whole numbers as base-128 varints, negative ones in ten bytes; texts, bytes and
///         messages with their length in front
/// Range   at most <see cref="BytesMax"/> bytes, which is all that readers of Protocol Buffers take
/// Source  Protocol Buffers Documentation, "Encoding"
/// </remarks>
internal sealed class ProtobufWriter
{
    /// <summary>The largest message: 2 GiB less one byte.</summary>
    public const long BytesMax = int.MaxValue;

    private const int VarintType = 0, LengthType = 2, Fixed32Type = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>A whole number.</summary>
    public void Whole(int field, long value)
    {
        Key(field, VarintType);
        Varint((ulong)value);
    }

    /// <summary>A number in single precision.</summary>
    public void Float(int field, float value)
    {
        Key(field, Fixed32Type);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Append(bytes);
    }

    /// <summary>Bytes as they are.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Key(field, LengthType);
        Varint((ulong)bytes.Length);
        Append(bytes);
    }

    /// <summary>A text in UTF-8.</summary>
    public void Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A message within this one.</summary>
    public void Message(int field, ProtobufWriter inner) => Bytes(field, inner.Written.Span);

    private void Key(int field, int type) => Varint((ulong)((field << 3) | type));

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int count = 0;
        for (; value >= 0x80; value >>= 7) bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        Append(bytes[..count]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if ((long)_bytes.WrittenCount + bytes.Length > BytesMax)
            throw new InvalidOperationException($"ProtobufWriter: wanted a message of at most {BytesMax} bytes, got {(long)_bytes.WrittenCount + bytes.Length}.");
        _bytes.Write(bytes);
    }
}

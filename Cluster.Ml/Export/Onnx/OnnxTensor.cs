using System.Runtime.InteropServices;

namespace Cluster.Ml.Export.Onnx;

/// <summary>Types of the elements of a tensor, by their numbers in ONNX.</summary>
internal enum OnnxType
{
    /// <summary>Single precision.</summary>
    Float = 1,

    /// <summary>Whole numbers of 64 bits.</summary>
    Int64 = 7,

    /// <summary>Texts in UTF-8.</summary>
    Text = 8,

    /// <summary>Double precision.</summary>
    Double = 11,
}

/// <summary>Numbers or texts that a graph holds.</summary>
/// <remarks>
/// Format  numbers little-endian, the last axis fastest
/// Source  onnx.proto, message TensorProto
/// </remarks>
internal sealed class OnnxTensor
{
    private const int DimsField = 1, TypeField = 2, TextsField = 6, NameField = 8, RawField = 9;

    private readonly OnnxType _type;
    private readonly long[] _shape;
    private readonly byte[]? _raw;
    private readonly IReadOnlyList<string> _texts = [];

    private OnnxTensor(OnnxType type, byte[] raw, int size, long[] shape)
    {
        Require(raw.Length / size, shape);
        (_type, _raw, _shape) = (type, raw, shape);
    }

    private OnnxTensor(IReadOnlyList<string> texts)
    {
        (_type, _texts, _shape) = (OnnxType.Text, texts, [texts.Count]);
    }

    public static OnnxTensor Of(ReadOnlySpan<double> values, params long[] shape) => new(OnnxType.Double, Raw(values), sizeof(double), shape);

    public static OnnxTensor Of(ReadOnlySpan<float> values, params long[] shape) => new(OnnxType.Float, Raw(values), sizeof(float), shape);

    public static OnnxTensor Of(ReadOnlySpan<long> values, params long[] shape) => new(OnnxType.Int64, Raw(values), sizeof(long), shape);

    public static OnnxTensor Of(IReadOnlyList<string> texts) => new(texts);

    /// <summary>As a graph or an attribute holds it.</summary>
    public ProtobufWriter ToMessage(string name)
    {
        ProtobufWriter message = new();
        foreach (long size in _shape) message.Whole(DimsField, size);
        message.Whole(TypeField, (long)_type);
        foreach (string text in _texts) message.Text(TextsField, text);
        message.Text(NameField, name);
        if (_raw is not null) message.Bytes(RawField, _raw);
        return message;
    }

    private static byte[] Raw<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] raw = MemoryMarshal.AsBytes(values).ToArray();
        int size = raw.Length / Math.Max(1, values.Length);
        if (!BitConverter.IsLittleEndian)
            for (int at = 0; at < raw.Length; at += size) raw.AsSpan(at, size).Reverse();
        return raw;
    }

    private static void Require(int count, long[] shape)
    {
        long wanted = 1;
        foreach (long size in shape) wanted *= size;
        if (wanted != count) throw new ArgumentException($"OnnxTensor: wanted {wanted} numbers for [{string.Join(", ", shape)}], got {count}.", nameof(shape));
    }
}

using System.Runtime.InteropServices;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Arrays;

/// <summary>Numbers with a name and a shape, as files of arrays hold them.</summary>
/// <param name="Name">Such as layers.0.weight.</param>
/// <param name="Shape">Sizes of the axes, the last innermost; none for one number.</param>
/// <param name="Numbers">Single or double precision.</param>
/// <param name="Bytes">The numbers, little-endian.</param>
internal sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, NumberKind Numbers, byte[] Bytes)
{
    public static NamedTensor Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values) => new(name, shape, NumberKind.Float32, Little(values));

    public static NamedTensor Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<double> values) => new(name, shape, NumberKind.Float64, Little(values));

    private static byte[] Little<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
            for (int at = 0, size = bytes.Length / Math.Max(1, values.Length); at < bytes.Length; at += size) bytes.AsSpan(at, size).Reverse();
        return bytes;
    }
}

/// <summary>A learner whose state is tensors with names.</summary>
internal interface ITensorSource
{
    /// <summary>All of the state.</summary>
    IReadOnlyList<NamedTensor> Tensors(NumericBuffer state);
}

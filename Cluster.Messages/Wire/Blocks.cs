using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire;

/// <summary>Cuts a vector's bytes into blocks: all of <see cref="Limits.BlockBytesMax"/>, but for the last.</summary>
/// <remarks>
/// Equation  block i holds bytes [i·B, min((i + 1)·B, bytes)),  B = 256 KiB;  count = max(1, ⌈bytes / B⌉)
/// Range     0 ≤ bytes ≤ <see cref="Limits.VectorBytesMax"/>; an empty vector is one empty block
/// Cost      no copy and no allocation: a block is a slice of the vector
/// </remarks>
public static class Blocks
{
    /// <summary>How many blocks a vector of <paramref name="bytes"/> bytes makes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="Limits.VectorBytesMax"/>.</exception>
    public static int Count(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Limits.VectorBytesMax);
        return bytes == 0 ? 1 : ((bytes - 1) / Limits.BlockBytesMax) + 1;
    }

    /// <summary>The name of block <paramref name="index"/> of a vector of <paramref name="bytes"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    public static BlockId Id(int bytes, int index)
    {
        int count = Count(bytes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return new BlockId(index, count);
    }

    /// <summary>How many bytes block <paramref name="index"/> of a vector of <paramref name="bytes"/> bytes has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    public static int Bytes(int bytes, int index)
    {
        BlockId id = Id(bytes, index);
        return id.Index == id.Count - 1 ? bytes - (index * Limits.BlockBytesMax) : Limits.BlockBytesMax;
    }

    /// <summary>Block <paramref name="index"/> of the vector, by reference: the vector must not change until the receiver is done.</summary>
    /// <param name="kind">How the numbers are stored.</param>
    /// <param name="vector">The whole vector's bytes.</param>
    /// <param name="index">Which block, 0 … <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    public static TensorPayload Slice(PayloadKind kind, ReadOnlyMemory<byte> vector, int index) =>
        new(kind, vector.Slice(index * Limits.BlockBytesMax, Bytes(vector.Length, index)));
}

using System.Runtime.InteropServices;

namespace Cluster.Messages.Wire;

/// <summary>How the numbers of a payload are stored.</summary>
public enum PayloadKind : byte
{
    /// <summary>Little-endian single precision.</summary>
    Float32 = 1,

    /// <summary>Little-endian double precision.</summary>
    Float64 = 2,

    /// <summary>Rows of single precision, each behind its index: (int row, float[width]) repeated.</summary>
    SparseRows32 = 3,
}

/// <summary>
/// A span of numbers inside a message. Within one process it refers to the sender's memory, which is not copied;
/// between processes its raw bytes travel. Equal when kind and bytes are equal.
/// </summary>
/// <param name="Kind">How the numbers are stored.</param>
/// <param name="Bytes">The numbers, little-endian.</param>
public readonly record struct TensorPayload(PayloadKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The numbers as floats.</summary>
    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes.Span);

    /// <summary>The numbers as doubles.</summary>
    public ReadOnlySpan<double> Doubles => MemoryMarshal.Cast<byte, double>(Bytes.Span);

    /// <inheritdoc/>
    public bool Equals(TensorPayload other) => Kind == other.Kind && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Kind);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}

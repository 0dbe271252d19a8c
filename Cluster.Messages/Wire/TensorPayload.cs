using System.Runtime.InteropServices;
using Cluster.Messages.DataPlane;

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

    /// <summary>Bytes as a file has them.</summary>
    Bytes = 4,
}

/// <summary>
/// The numbers of a message. Within one process it refers to the sender's memory, which is not copied; between processes few numbers
/// travel in the message, and many by the data plane, of which the message has the handle. Equal when kind, bytes and handle are equal.
/// </summary>
/// <param name="Kind">How the numbers are stored.</param>
/// <param name="Bytes">The numbers, little-endian; none while they are elsewhere.</param>
/// <param name="Handle">What names numbers that come by the data plane, also when they have come; null for all others.</param>
public readonly record struct TensorPayload(PayloadKind Kind, ReadOnlyMemory<byte> Bytes, VectorHandle? Handle = null)
{
    /// <summary>Whether the numbers are in another node's memory.</summary>
    public bool IsElsewhere => Handle is not null && Bytes.IsEmpty;

    /// <summary>How many bytes the numbers have, wherever they are.</summary>
    public int Length => Handle?.Bytes ?? Bytes.Length;

    /// <summary>Bytes of one number, or of what cannot be cut further.</summary>
    public int UnitBytes => Kind switch
    {
        PayloadKind.Float64 => sizeof(double),
        PayloadKind.Bytes => 1,
        _ => sizeof(float),
    };

    /// <summary>The numbers as floats.</summary>
    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes.Span);

    /// <summary>The numbers as doubles.</summary>
    public ReadOnlySpan<double> Doubles => MemoryMarshal.Cast<byte, double>(Bytes.Span);

    /// <inheritdoc/>
    public bool Equals(TensorPayload other) => Kind == other.Kind && Handle == other.Handle && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Kind);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}

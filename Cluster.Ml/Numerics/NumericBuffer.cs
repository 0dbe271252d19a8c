using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cluster.Ml.Numerics;

/// <summary>How the numbers of a flat vector are stored.</summary>
public enum NumberKind : byte
{
    /// <summary>IEEE 754 single precision: networks.</summary>
    Float32 = 1,

    /// <summary>IEEE 754 double precision: sufficient statistics.</summary>
    Float64 = 2,
}

/// <summary>A flat vector of floats or doubles, 64-byte aligned, whose bytes can be sent, hashed and saved as they are.</summary>
/// <remarks>
/// Shapes    [Length]
/// Range     0 ≤ Length ≤ 2³¹ / 8
/// Cost      one allocation, on the pinned heap, so that a kernel's aligned loads stay aligned
/// Differs   from an array in that its bytes are little-endian and its element type is chosen at run time
/// </remarks>
public sealed class NumericBuffer
{
    private const int Alignment = 64;

    // Which buffer a piece of memory belongs to, so that a message between two actors of one process gives back the very
    // buffer that was sent. Weak on both sides: the table keeps nothing alive.
    private static readonly ConditionalWeakTable<byte[], NumericBuffer> Handed = [];

    private readonly byte[] _storage;
    private readonly int _offset;
    private bool _handed;

    /// <summary>A vector of <paramref name="length"/> zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or too large.</exception>
    public NumericBuffer(NumberKind kind, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LengthMax);
        Kind = kind;
        Length = length;
        _storage = GC.AllocateArray<byte>((length * ElementBytes) + Alignment, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0);
        _offset = (int)((Alignment - (address & (Alignment - 1))) & (Alignment - 1));
    }

    /// <summary>The largest number of elements: 2²⁸, so that the bytes of doubles fit an array.</summary>
    public const int LengthMax = (1 << 28) - 16;

    /// <summary>How the numbers are stored.</summary>
    public NumberKind Kind { get; }

    /// <summary>How many numbers.</summary>
    public int Length { get; }

    /// <summary>Bytes of one number.</summary>
    public int ElementBytes => Kind == NumberKind.Float32 ? sizeof(float) : sizeof(double);

    /// <summary>The numbers as floats.</summary>
    /// <exception cref="InvalidOperationException">The numbers are doubles.</exception>
    public Span<float> Floats => Kind == NumberKind.Float32
        ? MemoryMarshal.Cast<byte, float>(Bytes)
        : throw new InvalidOperationException("NumericBuffer: wanted Float32, got Float64; read Doubles.");

    /// <summary>The numbers as doubles.</summary>
    /// <exception cref="InvalidOperationException">The numbers are floats.</exception>
    public Span<double> Doubles => Kind == NumberKind.Float64
        ? MemoryMarshal.Cast<byte, double>(Bytes)
        : throw new InvalidOperationException("NumericBuffer: wanted Float64, got Float32; read Floats.");

    /// <summary>The bytes, little-endian.</summary>
    public Span<byte> Bytes => _storage.AsSpan(_offset, Length * ElementBytes);

    /// <summary>The bytes, to hand to a message by reference; <see cref="Over"/> finds this buffer again from them.</summary>
    public Memory<byte> Memory
    {
        get
        {
            if (!_handed)
            {
                Handed.TryAdd(_storage, this);
                _handed = true;
            }
            return _storage.AsMemory(_offset, Length * ElementBytes);
        }
    }

    /// <summary>The buffer whose <see cref="Memory"/> begins with these bytes; if there is none in this process, a new buffer with a copy of them.</summary>
    /// <exception cref="ArgumentException">The bytes are not a whole number of elements.</exception>
    public static NumericBuffer Over(NumberKind kind, ReadOnlyMemory<byte> bytes)
    {
        if (TryFind(kind, bytes, out NumericBuffer? found)) return found;
        int elementBytes = kind == NumberKind.Float32 ? sizeof(float) : sizeof(double);
        if (bytes.Length % elementBytes != 0)
            throw new ArgumentException($"NumericBuffer: wanted a multiple of {elementBytes} bytes, got {bytes.Length}.", nameof(bytes));
        NumericBuffer copy = new(kind, bytes.Length / elementBytes);
        bytes.Span.CopyTo(copy.Bytes);
        return copy;
    }

    /// <summary>Finds the buffer whose <see cref="Memory"/> is these bytes, or begins with them, in this process.</summary>
    public static bool TryFind(NumberKind kind, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out NumericBuffer? buffer)
    {
        buffer = null;
        return MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
            && Handed.TryGetValue(segment.Array!, out buffer)
            && buffer.Kind == kind
            && segment.Offset == buffer._offset
            && segment.Count <= buffer.Length * buffer.ElementBytes;
    }

    /// <summary>Sets every number to zero.</summary>
    public void Clear() => Bytes.Clear();

    /// <summary>Copies the numbers of a buffer of the same kind and length.</summary>
    /// <exception cref="ArgumentException">Kind or length differ.</exception>
    public void CopyFrom(NumericBuffer other)
    {
        RequireSame(other);
        other.Bytes.CopyTo(Bytes);
    }

    /// <summary>Adds the numbers of a buffer of the same kind and length, element by element.</summary>
    /// <exception cref="ArgumentException">Kind or length differ.</exception>
    public void Add(NumericBuffer other)
    {
        RequireSame(other);
        if (Kind == NumberKind.Float32)
            System.Numerics.Tensors.TensorPrimitives.Add(Floats, other.Floats, Floats);
        else
            System.Numerics.Tensors.TensorPrimitives.Add(Doubles, other.Doubles, Doubles);
    }

    /// <summary>Requires a kind and a length.</summary>
    /// <param name="kind">How the numbers must be stored.</param>
    /// <param name="length">How many there must be.</param>
    /// <param name="owner">Who asks for them.</param>
    /// <param name="name">What the buffer is.</param>
    /// <exception cref="ArgumentException">Kind or length differ.</exception>
    internal void Require(NumberKind kind, int length, string owner, string name)
    {
        if (Kind != kind || Length != length) throw new ArgumentException($"{owner}: {name}: wanted {kind}[{length}], got {Kind}[{Length}].", nameof(length));
    }

    private void RequireSame(NumericBuffer other)
    {
        if (other.Kind != Kind || other.Length != Length)
            throw new ArgumentException($"NumericBuffer: wanted {Kind}[{Length}], got {other.Kind}[{other.Length}].", nameof(other));
    }
}

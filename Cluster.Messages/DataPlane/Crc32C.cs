using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cluster.Messages.DataPlane;

/// <summary>The Castagnoli checksum of a payload, as quick as memory if the processor multiplies without carry on 512 bits.</summary>
/// <remarks>
/// Equation  the remainder of the bytes, as a polynomial over GF(2), by P = 1EDC6F41, bits reflected, begun with and ended by inversion
/// Method    four accumulators of 512 bits are each moved 2048 bits on by a multiplication and take the next 256 bytes; then they are folded
///           into one, that into 128 bits, and those into the remainder by the processor's own instruction
/// Cost      one pass; 8 bytes at a time if the processor has no such multiplication
/// Sources   Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", 2009; RFC 3720, B.4 (its test vectors)
/// </remarks>
internal static class Crc32C
{
    private const uint Reflected = 0x82F63B78;
    private const int StrideBytes = 256;

    // What 128 bits are multiplied by, to stand a number of bits further on: low half, high half.
    private static readonly Vector128<ulong> s_by128 = Move(128), s_by512 = Move(512), s_by2048 = Move(2048);

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        if (Pclmulqdq.V512.IsSupported && bytes.Length >= 2 * StrideBytes)
        {
            int folded = bytes.Length & -StrideBytes;
            crc = Folded(bytes[..folded]);
            bytes = bytes[folded..];
        }
        return ~Plain(crc, bytes);
    }

    /// <summary>The same by the plain way, from a remainder that is not inverted to another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint Plain(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    // Not by the quick first compilation, which is a hundred times slower with vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Folded(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector512<ulong>> left = MemoryMarshal.Cast<byte, Vector512<ulong>>(bytes);
        Vector512<ulong> a = left[0] ^ Vector512.CreateScalar((ulong)uint.MaxValue), b = left[1], c = left[2], d = left[3];
        Vector512<ulong> by = Vector512.Create(Vector256.Create(s_by2048, s_by2048), Vector256.Create(s_by2048, s_by2048));
        for (left = left[4..]; left.Length >= 4; left = left[4..])
            (a, b, c, d) = (Fold(a, by) ^ left[0], Fold(b, by) ^ left[1], Fold(c, by) ^ left[2], Fold(d, by) ^ left[3]);
        by = Vector512.Create(Vector256.Create(s_by512, s_by512), Vector256.Create(s_by512, s_by512));
        a = Fold(Fold(Fold(a, by) ^ b, by) ^ c, by) ^ d;
        Vector128<ulong> sum = a.GetLower().GetLower();
        sum = Fold(sum, s_by128) ^ a.GetLower().GetUpper();
        sum = Fold(sum, s_by128) ^ a.GetUpper().GetLower();
        sum = Fold(sum, s_by128) ^ a.GetUpper().GetUpper();
        return BitOperations.Crc32C(BitOperations.Crc32C(0, sum[0]), sum[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> value, Vector512<ulong> by) =>
        Pclmulqdq.V512.CarrylessMultiply(value, by, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(value, by, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> value, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(value, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, by, 0x11);

    // Reflected, a product of two 64-bit halves stands one bit lower than its place, and 64 bits of it belong to the half's own place.
    private static Vector128<ulong> Move(int bits) => Vector128.Create(PowerOfX(bits + 32), PowerOfX(bits - 32));

    /// <summary>x^n mod P, reflected into the upper half of 64 bits but for the one bit that a reflected product is short of.</summary>
    private static ulong PowerOfX(int n)
    {
        uint power = 0x80000000;
        for (int i = 0; i < n; i++) power = (power & 1) != 0 ? (power >> 1) ^ Reflected : power >> 1;
        return (ulong)power << 1;
    }
}

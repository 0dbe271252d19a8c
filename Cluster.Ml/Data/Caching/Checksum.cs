using System.Buffers.Binary;
using System.Numerics;

namespace Cluster.Ml.Data.Caching;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where it has one.</summary>
/// <remarks>Source  RFC 3720, appendix B.4: 32 bytes of zeros give 8A9136AA</remarks>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}

using System.IO.Hashing;

namespace Cluster.Ml.Data.Caching;

/// <summary>CRC-32C (Castagnoli), which the row cache's format states.</summary>
/// <remarks>Source  RFC 3720, appendix B.4: 32 bytes of zeros give 8A9136AA</remarks>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Crc32.HashToUInt32(Crc32ParameterSet.Crc32C, bytes);
}

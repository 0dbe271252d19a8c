using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>CRC-32C (Castagnoli) over everything that identifies a record and its payload.</summary>
internal static class RecordChecksum
{
    public static uint Of(string persistenceId, long sequenceNr, string manifest, ReadOnlySpan<byte> payload)
    {
        uint crc = Append(0xFFFFFFFF, Encoding.UTF8.GetBytes(persistenceId));
        crc = BitOperations.Crc32C(crc, unchecked((ulong)sequenceNr));
        crc = Append(crc, Encoding.UTF8.GetBytes(manifest));
        return ~Append(crc, payload);
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        // The length separates neighbouring fields: ("ab", "c") and ("a", "bc") must differ.
        crc = BitOperations.Crc32C(crc, (uint)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}

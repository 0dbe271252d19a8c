using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>CRC-32C (Castagnoli) over everything that identifies a record and its payload.</summary>
internal static class RecordChecksum
{
    public static uint Of(string persistenceId, long sequenceNr, string manifest, ReadOnlySpan<byte> payload)
    {
        Crc32 checksum = new(Crc32ParameterSet.Crc32C);
        Append(checksum, Encoding.UTF8.GetBytes(persistenceId));
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, sequenceNr);
        checksum.Append(number);
        Append(checksum, Encoding.UTF8.GetBytes(manifest));
        Append(checksum, payload);
        return checksum.GetCurrentHashAsUInt32();
    }

    private static void Append(Crc32 checksum, ReadOnlySpan<byte> bytes)
    {
        // The length separates neighbouring fields: ("ab", "c") and ("a", "bc") must differ.
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        checksum.Append(length);
        checksum.Append(bytes);
    }
}

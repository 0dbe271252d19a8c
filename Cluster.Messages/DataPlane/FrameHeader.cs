using System.Buffers.Binary;

namespace Cluster.Messages.DataPlane;

/// <summary>The header of a frame, 48 bytes little-endian; only frames of numbers have more than this.</summary>
/// <remarks>
/// Layout  0 "CLDP" · 4 kind · 5 zeros to 8 · 8 stream · 16 life · 24 round · 32 offset · 36 length · 40 CRC-32C of the numbers · 44 CRC-32C of bytes 0 to 43
/// Limits  numbers: 1 to <see cref="DataPlaneLimits.FrameBytesMax"/> bytes, from a multiple of <see cref="DataPlaneLimits.SliceBytes"/> on, within a vector
/// </remarks>
/// <param name="Kind">What the frame is.</param>
/// <param name="Key">Which vector.</param>
/// <param name="Offset">Where in the vector its numbers begin, in bytes.</param>
/// <param name="Length">Bytes of numbers that follow; of a credit, bytes of the place.</param>
/// <param name="Checksum">CRC-32C of the numbers.</param>
internal readonly record struct FrameHeader(FrameKind Kind, VectorKey Key, int Offset, int Length, uint Checksum)
{
    public const int Bytes = 48;
    private const uint Magic = 0x50444C43;

    public static readonly FrameHeader Pulse = new(FrameKind.Pulse, default, 0, 0, 0);

    /// <summary>Bytes that follow the header.</summary>
    public int PayloadBytes => Kind == FrameKind.Numbers ? Length : 0;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Key.Stream);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Key.Life);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Key.Round);
        BinaryPrimitives.WriteInt32LittleEndian(to[32..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(to[36..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[40..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[44..], Crc32C.Of(to[..44]));
    }

    /// <exception cref="BrokenFrameException">These bytes are no header, or name what is out of bounds.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> from)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic) throw new BrokenFrameException("wanted a frame's header, got other bytes");
        if (Crc32C.Of(from[..44]) != BinaryPrimitives.ReadUInt32LittleEndian(from[44..])) throw new BrokenFrameException("a header's checksum is not that of its bytes");
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        if (kind is < (uint)FrameKind.Numbers or > (uint)FrameKind.Pulse) throw new BrokenFrameException($"wanted a kind of frame from 1 to 4, got {kind}");
        FrameHeader header = new(
            (FrameKind)kind,
            new VectorKey(BinaryPrimitives.ReadInt64LittleEndian(from[8..]), BinaryPrimitives.ReadInt64LittleEndian(from[16..]), BinaryPrimitives.ReadInt64LittleEndian(from[24..])),
            BinaryPrimitives.ReadInt32LittleEndian(from[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[36..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[40..]));
        return header.FindError() is { } failure ? throw new BrokenFrameException(failure) : header;
    }

    private string? FindError() => Kind switch
    {
        FrameKind.Numbers when Length is < 1 or > DataPlaneLimits.FrameBytesMax => $"wanted 1 to {DataPlaneLimits.FrameBytesMax} bytes of numbers, got {Length}",
        FrameKind.Numbers when Offset < 0 || Offset % DataPlaneLimits.SliceBytes != 0 => $"wanted numbers from a multiple of {DataPlaneLimits.SliceBytes} on, got {Offset}",
        FrameKind.Numbers when Offset > DataPlaneLimits.VectorBytesMax - Length => $"wanted at most {DataPlaneLimits.VectorBytesMax} bytes of a vector, got {(long)Offset + Length}",
        FrameKind.Credit when Offset != 0 || Length is < 1 or > DataPlaneLimits.VectorBytesMax => $"wanted a place of 1 to {DataPlaneLimits.VectorBytesMax} bytes, got {Length} at {Offset}",
        FrameKind.Revoked or FrameKind.Pulse when Offset != 0 || Length != 0 => $"wanted a {Kind} without a length, got {Length} at {Offset}",
        _ => null,
    };
}

using System.Buffers.Binary;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

public sealed class FrameHeaderTests
{
    private static readonly VectorKey s_key = new(-5, 3, long.MaxValue);

    public static TheoryData<int, int, int> Bad => new()
    {
        { (int)FrameKind.Numbers, 0, 0 },
        { (int)FrameKind.Numbers, 0, -1 },
        { (int)FrameKind.Numbers, 0, DataPlaneLimits.FrameBytesMax + 1 },
        { (int)FrameKind.Numbers, 1, 4 },
        { (int)FrameKind.Numbers, -DataPlaneLimits.SliceBytes, 4 },
        { (int)FrameKind.Numbers, DataPlaneLimits.VectorBytesMax / DataPlaneLimits.SliceBytes * DataPlaneLimits.SliceBytes, DataPlaneLimits.FrameBytesMax },
        { (int)FrameKind.Credit, 0, 0 },
        { (int)FrameKind.Credit, 0, int.MinValue },
        { (int)FrameKind.Credit, 0, int.MaxValue },
        { (int)FrameKind.Credit, 1, 4 },
        { (int)FrameKind.Revoked, 0, 1 },
        { (int)FrameKind.Pulse, 0, 1 },
        { 0, 0, 0 },
        { 5, 0, 0 },
        { 256 + (int)FrameKind.Numbers, 0, 4 },
    };

    [Fact]
    public void A_header_is_read_as_it_was_written()
    {
        foreach (FrameHeader header in new FrameHeader[]
        {
            new(FrameKind.Numbers, s_key, 7 * DataPlaneLimits.SliceBytes, 13, 0xFFFFFFFF),
            new(FrameKind.Credit, s_key, 0, DataPlaneLimits.VectorBytesMax, 0),
            new(FrameKind.Revoked, s_key, 0, 0, 0),
            FrameHeader.Pulse,
        })
        {
            byte[] bytes = new byte[FrameHeader.Bytes];
            header.Write(bytes);
            FrameHeader.Read(bytes).ShouldBe(header);
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_out_of_bounds_is_refused_though_its_checksum_is_right(int kind, int offset, int length)
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        FrameHeader.Pulse.Write(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(36), length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(44), Crc32C.Of(bytes.AsSpan(0, 44)));

        Should.Throw<BrokenFrameException>(() => FrameHeader.Read(bytes)).Message.ShouldContain("wanted");
    }

    [Fact]
    public void A_single_bit_that_is_turned_round_is_seen()
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        new FrameHeader(FrameKind.Numbers, s_key, 0, 8, 1).Write(bytes);
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<BrokenFrameException>(() => FrameHeader.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}

using System.Text;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

public sealed class Crc32CTests
{
    [Fact]
    public void Known_bytes_have_known_checksums()
    {
        Crc32C.Of(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283u);
        Crc32C.Of(new byte[32]).ShouldBe(0x8A9136AAu);
        Crc32C.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()).ShouldBe(0x62A8AB43u);
        Crc32C.Of([]).ShouldBe(0u);
    }

    [Fact]
    public void Long_spans_are_folded_to_the_same_checksum_as_byte_by_byte()
    {
        byte[] bytes = new Random(1).Bytes(300_000);
        foreach (int length in Enumerable.Range(480, 600).Concat([4096, 65_535, 65_536, 262_144, 299_999]))
            Crc32C.Of(bytes.AsSpan(3, length - 3)).ShouldBe(~Crc32C.Plain(uint.MaxValue, bytes.AsSpan(3, length - 3)), $"{length} bytes");
    }
}

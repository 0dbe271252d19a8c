using Cluster.Ml.Data.Caching;

namespace Cluster.Ml.Tests.Data.Caching;

public sealed class ChecksumTests
{
    // RFC 3720, appendix B.4, and the check value of CRC-32C.
    [Fact]
    public void Published_test_vectors_are_met()
    {
        Checksum.Of(new byte[32]).ShouldBe(0x8A9136AA);
        Checksum.Of([.. Enumerable.Repeat((byte)0xFF, 32)]).ShouldBe(0x62A8AB43u);
        Checksum.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]).ShouldBe(0x46DD794Eu);
        Checksum.Of("123456789"u8).ShouldBe(0xE3069283);
    }
}

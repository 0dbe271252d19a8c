using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Tests.Persistence.Embedded;

public sealed class RecordChecksumTests
{
    // Of records that journals hold already.
    [Theory]
    [InlineData("job-1", 42, "accepted", "0123456789abcdef!", 0x8D4B87D6)]
    [InlineData("", -1, "", "", 0xD5D57989)]
    [InlineData("ab", 7, "c", "é", 0xABC38461)]
    public void Records_that_were_written_before_keep_their_checksum(string id, long number, string manifest, string payload, uint checksum) =>
        RecordChecksum.Of(id, number, manifest, System.Text.Encoding.UTF8.GetBytes(payload)).ShouldBe(checksum);

    [Fact]
    public void Neighbouring_fields_are_told_apart() => RecordChecksum.Of("ab", 1, "c", []).ShouldNotBe(RecordChecksum.Of("a", 1, "bc", []));
}

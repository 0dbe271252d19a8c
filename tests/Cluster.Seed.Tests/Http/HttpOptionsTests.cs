using Cluster.Messages.Node;
using Cluster.Seed.Http;

namespace Cluster.Seed.Tests.Http;

public sealed class HttpOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("127.8.9.1", null, true)]
    [InlineData("localhost", null, true)]
    [InlineData("0.0.0.0", "/token", true)]
    [InlineData("0.0.0.0", null, false)]
    [InlineData("10.0.0.1", null, false)]
    [InlineData("seed-0.example", "/token", false)]
    public void Beyond_loopback_a_token_is_needed(string host, string? token, bool valid) =>
        new HttpOptions { Address = new NodeAddress(host, 4080), TokenPath = token }.Errors().Any().ShouldBe(!valid);

    [Theory]
    [InlineData("--http", "0.0.0.0:4080", "http-token-file")]
    [InlineData("--http", "seed-0:4080", "IPv4")]
    public void A_wrong_setting_is_told_with_its_flag(string flag, string value, string failure)
    {
        string told = new SeedProgram().Read([flag, value], _ => null).Errors.ShouldHaveSingleItem();

        told.ShouldStartWith(flag);
        told.ShouldContain(failure);
    }
}

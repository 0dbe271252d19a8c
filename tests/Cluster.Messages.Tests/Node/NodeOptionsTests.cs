using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Node;

public class NodeOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new NodeOptions().Validated().Roles.ShouldBe(["seed", "coordinator", "worker"]);

    [Fact]
    public void A_node_that_is_alone_has_nobody_to_join() =>
        Should.Throw<BadNodeOptionsException>(() => new NodeOptions { Alone = true, Seeds = [new NodeAddress("seed", 1)] }.Validated())
            .Message.ShouldContain("Alone: wanted no seeds and no peers, got some");

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var options = new NodeOptions
        {
            SystemName = "1x",
            Name = "a/b",
            Roles = ["baker"],
            SplitRole = "baker",
            Address = new NodeAddress("bad host", 0),
            Seeds = [new NodeAddress("seed", 0), new NodeAddress("", 1), new NodeAddress("seed", 70000)],
            JournalPath = " ",
            JournalConnection = "x",
            ComputeThreads = 0,
            HeartbeatInterval = TimeSpan.Zero,
            AcceptablePause = TimeSpan.FromDays(1),
            SuspicionThreshold = 0,
            CertificatePath = "node.pem",
            DownAfter = TimeSpan.Zero,
        };

        BadNodeOptionsException refused = Should.Throw<BadNodeOptionsException>(options.Validated);

        refused.Errors.Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(
        [
            "SystemName", "Name", "Roles", "SplitRole", "Address", "Seeds", "Seeds", "Seeds", "JournalPath and JournalConnection", "JournalPath",
            "JournalConnection", "CertificatePath, CertificateKeyPath and AuthorityPath", "ComputeThreads", "HeartbeatInterval", "AcceptablePause", "SuspicionThreshold", "DownAfter",
        ]);
        refused.Message.ShouldContain("ComputeThreads: wanted 1 to 1024, got 0");
    }

    [Theory]
    [InlineData("host:1", "host", 1)]
    [InlineData("10.0.0.1:65535", "10.0.0.1", 65535)]
    public void An_address_is_host_and_port(string text, string host, int port)
    {
        NodeAddress.TryParse(text, out NodeAddress address).ShouldBeTrue();
        address.ShouldBe(new NodeAddress(host, port));
        address.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":1")]
    [InlineData("host:")]
    [InlineData("host:-1")]
    [InlineData("host:65536")]
    [InlineData("host:99999999999")]
    [InlineData("ho st:1")]
    [InlineData("a\"b:1")]
    public void Other_texts_are_no_address(string? text) => NodeAddress.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void The_text_of_the_options_leaves_out_the_password() =>
        new NodeOptions { JournalConnection = "Host=db;Password=hush" }.ToString().ShouldNotContain("hush");
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Tests.Trust;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Tests.DataPlane;

public sealed class DataPlaneStrangerTests
{
    private static readonly VectorKey s_key = new(1, 1, 0);

    [Theory]
    [InlineData("tls", "another authority")]
    [InlineData("tls", "another host")]
    [InlineData("tls", "key")]
    [InlineData("tls", "no TLS")]
    [InlineData("key", "another key")]
    [InlineData("key", "another authority")]
    [InlineData("key", "no TLS")]
    [InlineData("no TLS", "key")]
    public async Task A_stranger_gets_nothing_through_and_the_node_serves_its_own_still(string kind, string stranger)
    {
        await using DataPair pair = new(kind);
        byte[] place = new byte[8];
        pair.To.Expect(DataPair.Sender, s_key, place);
        await using DataPlaneNode outside = DataPlaneNode.OverSockets(DataPair.Sender, Strange(stranger), new RecordedEvents());

        await Should.ThrowAsync<IOException>(outside.SendAsync(pair.At, DataPair.Receiver, s_key, new byte[] { 1, 1, 1, 1, 1, 1, 1, 1 }, 0, 8));

        pair.Got.NextEnd().IsOutgoing.ShouldBeFalse();
        place.ShouldAllBe(b => b == 0);
        await pair.Send(s_key, [2, 2, 2, 2, 2, 2, 2, 2]);
        pair.Got.NextWhole().ShouldBe(s_key);
        place.ShouldAllBe(b => b == 2);
    }

    [Fact]
    public async Task A_listener_that_is_not_the_host_is_not_sent_anything()
    {
        RecordedEvents events = new();
        NodeTrust elsewhere = Certificates.Trusting(DataPair.Authority, Certificates.Of(DataPair.Authority, "elsewhere.example"));
        await using DataPlaneNode impostor = DataPlaneNode.OverSockets(DataPair.Receiver, elsewhere, events);
        DataEndPoint at = impostor.Listen(DataEndPoint.Tcp("127.0.0.1", 0));
        await using DataPair pair = new("tls");

        IOException refused = await Should.ThrowAsync<IOException>(pair.From.SendAsync(at, DataPair.Receiver, s_key, new byte[8], 0, 8));

        refused.Message.ShouldContain("names the host 127.0.0.1");
        events.Frames.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        await using DataPair pair = new("tls");
        using TcpClient client = new("127.0.0.1", pair.At.Port);
#pragma warning disable CA5359 // A stranger trusts whomever it likes.
        using SslStream tls = new(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        // The client's half of a TLS 1.3 handshake may be over before it is refused: what counts is that nothing comes of it.
        await Should.ThrowAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" });
            await tls.WriteAsync(RawPeer.Introduction("sender#1"));
            await tls.ReadExactlyAsync(new byte[1]);
        });
        pair.Got.NextEnd().Reason.ShouldContain("wanted a certificate, got none");
    }

    [Fact]
    public async Task Without_trust_nobody_beyond_the_machine_is_listened_to_or_sent_to()
    {
        await using DataPair pair = new("no TLS");
        Should.Throw<InvalidOperationException>(() => pair.From.Listen(DataEndPoint.Tcp("192.0.2.1", 0))).Message.ShouldContain("keep strangers out");
        Task sent = pair.From.SendAsync(DataEndPoint.Tcp("192.0.2.1", 9), new DataPeer("far", "192.0.2.1"), s_key, new byte[8], 0, 8);
        (await Should.ThrowAsync<IOException>(sent)).Message.ShouldContain("keep strangers out");
    }

    [Fact]
    public async Task Only_its_owner_may_connect_to_a_unix_socket()
    {
        await using DataPair pair = new("unix");
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(pair.At.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static NodeTrust? Strange(string kind)
    {
        if (kind == "another key") return NodeTrust.OfSharedKey(RandomNumberGenerator.GetBytes(32));
        X509Certificate2 other = Certificates.Authority();
        return kind switch
        {
            "another authority" => NodeTrust.OfAuthorities(Certificates.Of(other, "127.0.0.1"), [other, DataPair.Authority]),
            "another host" => Certificates.Trusting(DataPair.Authority, Certificates.Of(DataPair.Authority, "10.0.0.1")),
            _ => DataPair.TrustOf(kind),
        };
    }
}

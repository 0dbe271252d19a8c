using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node;

public sealed class NodeSecurityTests
{
    [Fact]
    public void A_key_and_certificates_are_refused_since_they_would_not_protect()
    {
        NodeOptions options = new() { SharedKeyPath = "a.key", CertificatePath = "b.pem", CertificateKeyPath = "c.pem", AuthorityPath = "d.pem" };

        ImmutableArray<string> errors = Should.Throw<BadNodeOptionsException>(() => NodeEnvironment.Tcp(options)).Errors;

        errors.Select(error => error.Split(':')[0]).ShouldBe(["SharedKeyPath", "CertificatePath", "CertificateKeyPath", "AuthorityPath"]);
        errors[0].ShouldContain("got a.key; leave it out");
    }

    [Fact]
    public void A_node_that_other_machines_could_reach_is_refused() =>
        Should.Throw<BadNodeOptionsException>(() => Start(new NodeAddress("192.0.2.1", 4053))).Message.ShouldContain("wanted a loopback address on Akka.NET");

    [Fact]
    public void An_address_that_is_taken_is_named()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        NodeAddress address = new("127.0.0.1", ((IPEndPoint)taken.LocalEndpoint).Port);

        Should.Throw<IOException>(() => Start(address)).Message.ShouldContain(address.ToString());
    }

    private static ClusterNode Start(NodeAddress address)
    {
        NodeOptions options = new() { Roles = [NodeRoles.Seed], Address = address };
        return ClusterNode.Start(options, MessageCodecs.ForMessages(), NodeEnvironment.Tcp(options));
    }
}

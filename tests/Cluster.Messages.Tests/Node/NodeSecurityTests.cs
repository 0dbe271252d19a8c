using System.Net;
using System.Net.Sockets;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node;

public sealed class NodeSecurityTests
{
    [Fact]
    public void A_key_that_cannot_be_read_is_refused_by_its_name() =>
        Should.Throw<BadNodeOptionsException>(() => NodeEnvironment.Tcp(new NodeOptions { SharedKeyPath = "/no/such.key" })).Message.ShouldContain("SharedKeyPath: wanted a file that can be used, got /no/such.key");

    [Fact]
    public void A_node_that_other_machines_could_reach_is_refused_without_a_key() =>
        Should.Throw<BadNodeOptionsException>(() => Start(new NodeAddress("192.0.2.1", 4053))).Message.ShouldContain("wanted a shared key or certificates");

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

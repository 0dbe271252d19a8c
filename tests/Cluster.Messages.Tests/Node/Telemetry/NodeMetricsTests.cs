using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Telemetry;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node.Telemetry;

public sealed class NodeMetricsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_collector_is_sent_the_members_and_the_runtime_of_the_node()
    {
        using HttpListener collector = new();
        Uri address = new($"http://127.0.0.1:{FreePort()}/");
        collector.Prefixes.Add(address.ToString());
        collector.Start();
        Task<(string Path, string Body)> sent = ReceiveAsync(collector);
        await using ClusterNode node = await StartAsync();

        NodeMetrics.Start(node, address).Dispose();

        (string path, string body) = await sent.WaitAsync(Deadline);
        path.ShouldBe("/v1/metrics");
        body.ShouldContain("cluster.members");
        body.ShouldContain("cluster.members.unreachable");
        body.ShouldContain("dotnet.gc");
        body.ShouldContain("observed-node");
    }

    [Fact]
    public async Task A_collector_that_is_away_costs_the_node_nothing()
    {
        await using ClusterNode node = await StartAsync();

        NodeMetrics.Start(node, new Uri($"http://127.0.0.1:{FreePort()}/")).Dispose();

        node.Membership.SelfMember.Status.ShouldBe(MemberStatus.Up);
    }

    [Theory]
    [InlineData("http://127.0.0.1:4318", true)]
    [InlineData("https://collector:4318/", true)]
    [InlineData("http://127.0.0.1:4318/v1/metrics", false)]
    [InlineData("ftp://collector", false)]
    public void An_address_of_a_collector_is_a_host_and_a_port(string address, bool taken) =>
        (NodeMetrics.FindError(new Uri(address)) is null).ShouldBe(taken);

    private static async Task<(string Path, string Body)> ReceiveAsync(HttpListener collector)
    {
        HttpListenerContext request = await collector.GetContextAsync();
        using MemoryStream body = new();
        await request.Request.InputStream.CopyToAsync(body);
        request.Response.Close();
        return (request.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()));      // names stand in the message as they are
    }

    private static async Task<ClusterNode> StartAsync()
    {
        NodeEnvironment environment = NodeEnvironment.InProcess();
        ClusterNode node = ClusterNode.Start(
            new NodeOptions { Name = "observed-node", Roles = [NodeRoles.Worker], Address = environment.NextAddress() }, MessageCodecs.ForMessages(), environment);
        await node.WaitUntilUp(Deadline);
        return node;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

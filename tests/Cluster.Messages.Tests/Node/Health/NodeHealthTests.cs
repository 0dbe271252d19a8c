using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node.Health;

public sealed class NodeHealthTests
{
    private const string WorkPath = "/user/work";

    // A loopback address of its own: connections of other tests, which come from 127.0.0.1, cannot take a port of it between its choice and its use.
    private const string Host = "127.0.0.77";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_member_whose_work_answers_is_ready_and_says_so_over_http()
    {
        await using ClusterNode node = await StartAsync();
        node.System.ActorOf(Props.Create(() => new IdleActor()), "work");
        NodeAddress address = new(Host, FreePort());
        await using HealthServer server = await HealthServer.StartAsync(address, NodeHealth.Start(node, WorkPath, _ => Task.FromResult("joined")));

        (HttpStatusCode live, _) = await GetAsync(address, "live");
        (HttpStatusCode ready, JsonNode report) = await GetAsync(address, "ready");

        live.ShouldBe(HttpStatusCode.OK);
        ready.ShouldBe(HttpStatusCode.OK);
        report["duty"]!.GetValue<string>().ShouldBe("joined");
        report["member"]!.GetValue<string>().ShouldBe("Up");
    }

    [Fact]
    public async Task A_node_whose_work_has_stopped_lives_but_is_not_ready()
    {
        await using ClusterNode node = await StartAsync();
        NodeHealth health = NodeHealth.Start(node, WorkPath, _ => Task.FromResult("joined"));

        (await health.LiveAsync()).Healthy.ShouldBeTrue();
        HealthReport report = await health.ReadyAsync();

        report.Healthy.ShouldBeFalse();
        report.Status.ShouldContain(WorkPath);
    }

    [Fact]
    public async Task A_node_whose_actors_have_ended_does_not_live_though_its_port_is_open()
    {
        await using ClusterNode node = await StartAsync();
        NodeAddress address = new(Host, FreePort());
        await using HealthServer server = await HealthServer.StartAsync(address, NodeHealth.Start(node, WorkPath, _ => Task.FromResult("joined")));
        await node.System.Terminate().WaitAsync(Deadline);

        (HttpStatusCode live, JsonNode report) = await GetAsync(address, "live");

        live.ShouldBe(HttpStatusCode.ServiceUnavailable);
        report["healthy"]!.GetValue<bool>().ShouldBeFalse();
    }

    private static async Task<ClusterNode> StartAsync()
    {
        NodeEnvironment environment = NodeEnvironment.InProcess();
        ClusterNode node = ClusterNode.Start(
            new NodeOptions { Roles = [NodeRoles.Worker], Address = environment.NextAddress() }, MessageCodecs.ForMessages(), environment);
        await node.WaitUntilUp(Deadline);
        return node;
    }

    private static async Task<(HttpStatusCode Status, JsonNode Report)> GetAsync(NodeAddress address, string name)
    {
        using HttpClient client = new() { Timeout = Deadline };
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{address}/health/{name}"));
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Parse(Host), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class IdleActor : ReceiveActor;
}

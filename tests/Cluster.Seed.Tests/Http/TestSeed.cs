using System.Net;
using System.Net.Sockets;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Wire;
using Cluster.Seed.Http;

namespace Cluster.Seed.Tests.Http;

/// <summary>A seed alone, with its HTTP API and its health on a port of its own.</summary>
internal sealed class TestSeed : IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly ApiServer _api;
    private readonly HealthServer _health;

    private TestSeed(ClusterNode node, ApiServer api, HealthServer health, NodeAddress healthAddress)
    {
        (_node, _api, _health) = (node, api, health);
        HealthAddress = healthAddress;
    }

    public NodeAddress Http => _api.Address;

    public NodeAddress HealthAddress { get; }

    public static async Task<TestSeed> StartAsync(HttpOptions options)
    {
        NodeEnvironment environment = NodeEnvironment.InProcess();
        ClusterNode node = ClusterNode.Start(
            new NodeOptions { Roles = [NodeRoles.Seed], Address = environment.NextAddress(), ComputeThreads = 1 }, MessageCodecs.ForMessages(), environment, builder => builder.WithSeed());
        await node.WaitUntilUp(TimeSpan.FromSeconds(60));
        NodeHealth health = NodeHealth.Start(node, $"/user/{SeedNode.ProgressName}", _ => Task.FromResult("contact point"));
        NodeAddress healthAddress = new("127.0.0.78", FreePort());
        return new TestSeed(
            node, await ApiServer.StartAsync(node, options with { Address = new NodeAddress("127.0.0.1", 0) }, health),
            await HealthServer.StartAsync(healthAddress, health), healthAddress);
    }

    public async ValueTask DisposeAsync()
    {
        await _health.DisposeAsync();
        await _api.DisposeAsync();
        await _node.DisposeAsync();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Parse("127.0.0.78"), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

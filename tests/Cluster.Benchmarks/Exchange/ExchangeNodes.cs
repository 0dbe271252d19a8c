using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Benchmarks.Exchange;

/// <summary>Two nodes of a cluster in this process that reach each other through loopback sockets, as two processes do.</summary>
internal sealed class ExchangeNodes : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);
    private readonly ClusterNode _server;
    private readonly ClusterNode _worker;

    private ExchangeNodes(ClusterNode server, ClusterNode worker) => (_server, _worker) = (server, worker);

    /// <param name="certificates">A folder with node.pem, node.key and ca.pem; null for no TLS.</param>
    public static async Task<ExchangeNodes> StartAsync(string? certificates)
    {
        NodeOptions options = new()
        {
            Roles = [NodeRoles.Seed],
            CertificatePath = certificates is null ? null : Path.Combine(certificates, "node.pem"),
            CertificateKeyPath = certificates is null ? null : Path.Combine(certificates, "node.key"),
            AuthorityPath = certificates is null ? null : Path.Combine(certificates, "ca.pem"),
        };
        ClusterNode server = Start(options with { Name = "server" });
        ClusterNode worker = Start(options with { Name = "worker", Roles = [NodeRoles.Worker], Seeds = [server.Address] });
        await server.WaitUntilUp(s_deadline);
        await worker.WaitUntilUp(s_deadline);
        return new ExchangeNodes(server, worker);
    }

    /// <summary>Seconds of each repeat.</summary>
    public async Task<IReadOnlyList<double>> MeasureAsync(Trial trial)
    {
        IActorRef near = _worker.System.ActorOf(ExchangeWorkerActor.For(trial));
        IActorRef worker = await _server.System.ActorSelection(new RootActorPath(_worker.Membership.SelfAddress) / near.Path.Elements).ResolveOne(s_deadline);
        IActorRef server = _server.System.ActorOf(ExchangeServerActor.For(trial, worker));
        ExchangeServerActor.Measured measured = await server.Ask<ExchangeServerActor.Measured>(ExchangeServerActor.Begin.Instance, s_deadline);
        foreach (IActorRef actor in new[] { near, server }) actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        return measured.Seconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
    }

    // A network of its own for each: nodes that share one talk by reference.
    private static ClusterNode Start(NodeOptions options) => ClusterNode.Start(
        options, MessageCodecs.ForMessages(), NodeEnvironment.Tcp(options, log: line => Console.Error.WriteLine(line), logLevel: LogLevel.WarningLevel));
}

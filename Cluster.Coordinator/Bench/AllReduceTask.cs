using Cluster.Coordinator.Cli;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Bench;

/// <summary>
/// Sums of vectors that two workers hold, by the messages of a training step: contributions to a server, which adds them
/// in its tree and publishes the sum. Nodes of one process, as in a local cluster.
/// </summary>
internal sealed record AllReduceTask() : BenchTask("allreduce", "sums of vectors of two workers, by the messages of a training step")
{
    private const int Workers = 2, WarmUps = 3;
    private const long BytesAtLeast = 200_000_000;      // of each size, in all repeats together
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly (string Name, int Bytes)[] Sizes =
    [
        ("allreduce-1MB", 1_000_000), ("allreduce-10MB", 10_000_000), ("allreduce-100MB", 100_000_000),
        ("allreduce-64B", 64), ("allreduce-mlp-gradients", 235_146 * sizeof(float)),
    ];

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<BenchRow>> RunAsync(BenchSettings settings, Terminal terminal)
    {
        NodeEnvironment environment = NodeEnvironment.InProcess(log: line => terminal.Say(line.ToString()), logLevel: LogLevel.WarningLevel);
        List<ClusterNode> nodes = [];
        try
        {
            NodeOptions first = new() { Name = "server", Roles = [NodeRoles.Seed], ComputeThreads = 1, Address = environment.NextAddress() };
            nodes.Add(Start(first, environment));
            for (int worker = 1; worker <= Workers; worker++)
                nodes.Add(Start(first with { Name = $"worker-{worker}", Roles = [NodeRoles.Worker], Address = environment.NextAddress(), Seeds = [nodes[0].Address] }, environment));
            foreach (ClusterNode node in nodes) await node.WaitUntilUp(Deadline);
            return await MeasureAsync(nodes, settings);
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.System.Terminate())).WaitAsync(Deadline);
        }
    }

    private static ClusterNode Start(NodeOptions options, NodeEnvironment environment) =>
        ClusterNode.Start(options, MessageCodecs.ForMessages(), environment);

    private static async Task<IReadOnlyList<BenchRow>> MeasureAsync(List<ClusterNode> nodes, BenchSettings settings)
    {
        List<BenchRow> rows = [];
        foreach ((string name, int bytes) in settings.Quick ? Sizes[..1] : Sizes)
        {
            ActorSystem system = nodes[0].System;
            foreach (ClusterNode node in nodes.Skip(1)) node.System.ActorOf(AllReduceWorkerActor.For(nodes.IndexOf(node), bytes), name);
            IActorRef[] workers = await Task.WhenAll(nodes.Skip(1).Select(node => system.ActorSelection(
                new RootActorPath(node.Membership.SelfAddress) / "user" / name).ResolveOne(Deadline)));
            int repeats = settings.Quick ? 3 : (int)Math.Clamp(BytesAtLeast / bytes, 10, 300);
            IActorRef server = system.ActorOf(AllReduceServerActor.For(workers, bytes, repeats + WarmUps));
            AllReduceServerActor.Summed summed = await server.Ask<AllReduceServerActor.Summed>(AllReduceServerActor.Begin.Instance, Deadline);
            foreach (IActorRef actor in workers.Append(server)) actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
            rows.Add(RowOf(name, bytes, [.. summed.Seconds.Skip(WarmUps).Order()]));
        }
        return rows;
    }

    private static BenchRow RowOf(string name, int bytes, double[] sorted)
    {
        double median = Median(sorted);
        return new BenchRow(name, "", median, "s",
        [
            ("ms", median * 1e3), ("gb_per_s", bytes / 1e9 / median), ("ms_min", sorted[0] * 1e3),
            ("ms_p90", sorted[sorted.Length * 9 / 10] * 1e3), ("repeats", sorted.Length),
        ]);
    }
}

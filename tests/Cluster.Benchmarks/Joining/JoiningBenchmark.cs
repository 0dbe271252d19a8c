using System.Diagnostics;
using System.Globalization;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Seed;
using Cluster.Worker;

namespace Cluster.Benchmarks.Joining;

/// <summary>
/// A seed and more and more worker nodes, all in this process, each an actor system of its own that is reached through a socket: how long until every node sees
/// every other as a member, and what a node more costs while nothing is trained. Numbers say how many workers; `--quick` has two, to see that it runs.
/// </summary>
internal static class JoiningBenchmark
{
    private static readonly int[] Workers = [8, 16, 32, 64];
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2), Tick = TimeSpan.FromMilliseconds(20), Idle = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        Console.WriteLine("| worker nodes | until all see all, s | processor time of that, s | idle: processor time, ms a second and node | memory, MB a node |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        int[] named = [.. arguments.Where(argument => argument != "--quick").Select(argument => int.Parse(argument, CultureInfo.InvariantCulture))];
        foreach (int workers in named.Length > 0 ? named : quick ? [2] : Workers)
            if (!await JoinAsync(workers, quick ? Tick : Idle)) return 1;
        return 0;
    }

    private static async Task<bool> JoinAsync(int workers, TimeSpan idle)
    {
        List<ClusterNode> nodes = [];
        using Process self = Process.GetCurrentProcess();
        (double processor, long bytes) before = (Processor(self), Environment.WorkingSet);
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            nodes.Add(Start("seed", NodeRoles.Seed, [], builder => builder.WithSeed()));
            for (int i = 1; i <= workers; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"worker-{i}");
                nodes.Add(Start(name, NodeRoles.Worker, [nodes[0].Address], builder => builder.WithWorker(node => new WorkerOptions(new WorkerId(node.Name)))));
            }
            while (nodes.Exists(node => !SeesAll(node, nodes.Count)))
            {
                if (watch.Elapsed > Deadline)
                {
                    Console.Error.WriteLine($"{workers} worker nodes: wanted each to see all within {Deadline}, got {nodes.Count(node => SeesAll(node, nodes.Count))} that do");
                    return false;
                }
                await Task.Delay(Tick, TimeProvider.System);
            }
            double joined = watch.Elapsed.TotalSeconds, used = Processor(self) - before.processor;
            double idleFrom = Processor(self);
            await Task.Delay(idle, TimeProvider.System);
            double idling = (Processor(self) - idleFrom) / idle.TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {workers} | {joined:F1} | {used:F1} | {idling / nodes.Count * 1000:F1} | {(Environment.WorkingSet - before.bytes) / 1048576.0 / nodes.Count:F1} |"));
            return true;
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.System.Terminate()));
        }
    }

    private static ClusterNode Start(string name, string role, ImmutableArray<NodeAddress> seeds, Action<AkkaConfigurationBuilder> actors) => ClusterNode.Start(
        new NodeOptions { Name = name, Roles = [role], Seeds = seeds, ComputeThreads = 1 }, MessageCodecs.ForMessages(),
        NodeEnvironment.InProcess(logLevel: LogLevel.ErrorLevel), actors);

    private static bool SeesAll(ClusterNode node, int count) =>
        node.Membership.State.Members.Count(member => member.Status == Akka.Cluster.MemberStatus.Up) == count && node.Membership.State.Unreachable.IsEmpty;

    private static double Processor(Process self)
    {
        self.Refresh();
        return self.TotalProcessorTime.TotalSeconds;
    }
}

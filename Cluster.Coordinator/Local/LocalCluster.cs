using System.Threading.Channels;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Database;
using Cluster.Coordinator.Jobs;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Seed;
using Cluster.Worker;
using Cluster.Worker.Data;

namespace Cluster.Coordinator.Local;

/// <summary>
/// Seed, coordinator and workers as nodes of one process: each its own actor system, joined by a network that hands
/// messages over by reference. The default way to run; a cluster of processes runs the same actors.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const string JournalName = "journal.db";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);
    private readonly List<ClusterNode> _nodes = [];
    private readonly Action<string> _warn;

    private LocalCluster(Action<string> warn) => _warn = warn;

    /// <summary>A way to the job manager.</summary>
    public IActorRef Jobs { get; private set; } = ActorRefs.Nobody;

    private ActorSystem Coordinator => _nodes[1].System;

    /// <summary>Starts the nodes and waits until all are members.</summary>
    /// <param name="options">How many, and where the journal is.</param>
    /// <param name="warn">Told what the nodes warn of.</param>
    /// <exception cref="CommandFailedException">A node could not be started, or did not become a member in time.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, Action<string> warn)
    {
        LocalCluster cluster = new(warn);
        try
        {
            cluster.Start(options);
            foreach (ClusterNode node in cluster._nodes) await node.WaitUntilUp(StartDeadline);
            return cluster;
        }
        catch (Exception fault) when (NodeExitCode.Of(fault) is { } code)
        {
            await cluster.DisposeAsync();
            throw new CommandFailedException(code, fault.Message);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to follow a job: what is heard of it goes to the channel.</summary>
    public IActorRef Watch(JobId job, int run, ChannelWriter<object> heard) => Coordinator.ActorOf(
        JobWatcherActor.For(job, run, Jobs, _nodes[0].System.ActorSelection("/user/progress"), heard));

    /// <summary>Ends all nodes at once: nobody stays whom a node would have to hand anything over to.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_nodes.Select(node => node.System.Terminate())).WaitAsync(StopDeadline);
        }
        catch (TimeoutException)
        {
            _warn($"The local cluster: wanted its nodes to end within {StopDeadline.TotalSeconds:F0} s, some did not; the process ends all the same.");
        }
    }

    private void Start(LocalClusterOptions options)
    {
        NodeEnvironment environment = NodeEnvironment.InProcess(
            log: line => _warn(line.ToString()), logLevel: LogLevel.WarningLevel);
        ClusterNode seed = Add(environment, new NodeOptions { Name = "seed", Roles = [NodeRoles.Seed], ComputeThreads = 1 });
        SeedNode.Start(seed.System);

        NodeOptions joining = new() { Seeds = [seed.Address], ComputeThreads = 1 };
        ClusterNode coordinator = Add(environment, joining with
        {
            Name = "coordinator",
            Roles = [NodeRoles.Coordinator],
            JournalPath = Path.Combine(options.RunDirectory, JournalName),
        });
        CoordinatorNode.Start(coordinator.System, new CoordinatorOptions
        {
            Compute = coordinator.Compute,

            // The run directory is locked: whoever held the lease before is gone.
            Authority = AuthorityOptions.In(coordinator, CoordinatorDatabase.Of(coordinator.Options), holder: "local"),
            LoadData = (spec, _) => DataSetCache.Shared.Open(spec.Text, spec.Name, spec.BaseDirectory).Rows,
        });
        Jobs = JobManagerSingleton.Proxy(coordinator.System);

        for (int i = 1; i <= options.Workers; i++)
        {
            ClusterNode worker = Add(environment, joining with
            {
                Name = $"worker-{i}",
                Roles = [NodeRoles.Worker],
                ComputeThreads = options.ThreadsPerWorker,
            });
            WorkerNode.Start(worker.System, OptionsOf(worker, i == 1 ? options.FirstWorkerSlowdown : 1), new WorkerPools(worker.Compute));
        }
    }

    private static WorkerOptions OptionsOf(ClusterNode node, double slowdown) => new(new WorkerId(node.Name)) { Slowdown = slowdown };

    private ClusterNode Add(NodeEnvironment environment, NodeOptions options)
    {
        ClusterNode node = ClusterNode.Start(
            options with { Address = environment.NextAddress() }, CoordinatorCodecs.AddTo(MessageCodecs.ForMessages()), environment);
        _nodes.Add(node);
        return node;
    }
}

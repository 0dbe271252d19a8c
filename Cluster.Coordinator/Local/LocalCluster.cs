using System.Threading.Channels;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Database;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Privacy;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Wire;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Privacy;
using Cluster.Seed;
using Cluster.Seed.Http;
using Cluster.Worker;
using Cluster.Worker.Data;

namespace Cluster.Coordinator.Local;

/// <summary>
/// Seed, coordinator and workers as nodes of one process: each its own actor system, joined by a network that hands
/// messages over by reference. The default way to run. The workers may be processes of their own instead, reached through
/// TCP; they run the same actors.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const string JournalName = "journal.db";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(3), StorageDeadline = TimeSpan.FromSeconds(5);

    /// <summary>A cluster that stays up waits longer for its storage: others may make room meanwhile.</summary>
    private static readonly TimeSpan StandingStorageDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Processes of this machine are started within seconds: a job that none of them ever helps is at fault.</summary>
    private static readonly TimeSpan NoWorkerLimit = TimeSpan.FromMinutes(2);

    private readonly List<ClusterNode> _nodes = [];
    private readonly WaitingWorkers _workers = new(Environment.ProcessorCount);
    private readonly LocalClusterOptions _options;
    private readonly Action<string> _warn;
    private ApiServer? _http;
    private WorkerProcesses? _processes;

    private LocalCluster(LocalClusterOptions options, Action<string> warn)
    {
        _options = options;
        _warn = warn;
        Failures = new StorageFailures(TimeProvider.System, options.RunDirectory, options.RunsDirectory is null ? StorageDeadline : StandingStorageDeadline);
    }

    /// <summary>What the coordinator's storage refuses.</summary>
    public StorageFailures Failures { get; }

    /// <summary>A way to the job manager.</summary>
    public IActorRef Jobs { get; private set; } = ActorRefs.Nobody;

    /// <summary>Where nodes join.</summary>
    public NodeAddress SeedAddress => Seed.Address;

    /// <summary>Where the HTTP API listens; null where it does not.</summary>
    public NodeAddress? Http => _http?.Address;

    /// <summary>The worker processes that run now; none where workers are nodes of this process.</summary>
    public IReadOnlyCollection<int> WorkerProcessIds => _processes?.Ids ?? [];

    private ClusterNode Seed => _nodes[0];

    private ActorSystem Coordinator => _nodes[1].System;

    /// <summary>Starts the nodes and waits until all those of this process are members.</summary>
    /// <param name="options">How many, and where the journal is.</param>
    /// <param name="warn">Told what the nodes warn of.</param>
    /// <exception cref="CommandFailedException">A node could not be started, or did not become a member in time.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, Action<string> warn)
    {
        LocalCluster cluster = new(options, warn);
        try
        {
            await cluster.StartAsync();
            foreach (ClusterNode node in cluster._nodes) await node.WaitUntilUp(StartDeadline);
            return cluster;
        }
        catch (Exception failure) when (NodeExitCode.Of(failure) is { } code)
        {
            await cluster.DisposeAsync();
            throw new CommandFailedException(code, FailureText.Of(failure));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to follow a run of a job: what is heard of it goes to the channel.</summary>
    public IActorRef Watch(JobId job, int run, ChannelWriter<object> heard) => Coordinator.ActorOf(
        JobWatcherActor.For(job, run, Jobs, Seed.System.ActorSelection($"/user/{SeedNode.ProgressName}"), heard));

    /// <summary>Completes when a node of this process ends by itself.</summary>
    public Task WhenBroken() => Task.WhenAny(_nodes.Select(node => node.System.WhenTerminated));

    /// <summary>Ends all nodes at once: nobody stays whom a node would have to hand anything over to.</summary>
    public async ValueTask DisposeAsync()
    {
        _processes?.Dispose();
        if (_http is not null) await _http.DisposeAsync();
        try
        {
            await Task.WhenAll(_nodes.Select(node => node.System.Terminate())).WaitAsync(StopDeadline);
        }
        catch (TimeoutException)
        {
            _warn($"The local cluster: wanted its nodes to end within {StopDeadline.TotalSeconds:F0} s, some did not; the process ends all the same.");
        }
    }

    private async Task StartAsync()
    {
        // Worker processes may die all at once; where this process is, the cluster goes on.
        string? splitRole = _options.Processes ? NodeRoles.Seed : null;
        NodeOptions seeding = new() { Name = "seed", Roles = [NodeRoles.Seed], ComputeThreads = 1, SplitRole = splitRole };
        NodeEnvironment environment = _options.Processes
            ? NodeEnvironment.Tcp(seeding, Warn, LogLevel.WarningLevel)
            : NodeEnvironment.InProcess(log: Warn, logLevel: LogLevel.WarningLevel);
        ClusterNode seed = Add(environment, seeding, _options.Listen);
        SeedNode.Start(seed.System);
        NodeOptions joining = new() { Seeds = [seed.Address], ComputeThreads = 1, SplitRole = splitRole };
        StartCoordinator(environment, joining);
        if (_options.Processes) StartProcesses();
        else StartWorkers(environment, joining);
        if (_options.Http is { } address)
            _http = await ApiServer.StartAsync(
                seed, new HttpOptions { Address = address, TokenPath = _options.TokenPath },
                NodeHealth.Start(seed, $"/user/{SeedNode.ProgressName}", _ => Task.FromResult("contact point")));
    }

    private void Warn(LogEvent line) => _warn(LogText.Of(line, _options.Verbose));

    private void StartCoordinator(NodeEnvironment environment, NodeOptions joining)
    {
        ClusterNode coordinator = Add(environment, joining with
        {
            Name = "coordinator",
            Roles = [NodeRoles.Coordinator],
            ComputeThreads = Math.Clamp(_options.JobsAtOnce, 1, Environment.ProcessorCount),
            JournalPath = Path.Combine(_options.RunDirectory, JournalName),
        });
        RowStorage storage = _options.Storage with { Warn = _warn };
        CoordinatorDatabase database = CoordinatorDatabase.Of(coordinator.Options);
        CoordinatorNode.Start(coordinator.System, new CoordinatorOptions
        {
            Compute = coordinator.Compute,
            Helpers = _options.Processes ? null : _workers,

            // The run directory is locked: whoever held the lease before is gone.
            Authority = AuthorityOptions.In(coordinator, database, holder: "local"),
            LoadData = (spec, _) => DataSetCache.Shared.Open(spec.Text, spec.Name, spec.BaseDirectory, storage).Rows,
            Storage = storage,
            Limits = new CoordinatorLimits { JobsAtOnce = _options.JobsAtOnce, NoWorkerLimit = _options.Processes ? NoWorkerLimit : null },
            RunsDirectory = _options.RunsDirectory,
            Roots = _options.Roots,
            Failures = Failures,
            Ledger = _options.PrivacyLedger is { } path ? DatabaseDataLedger.InFile(path) : new DatabaseDataLedger(() => database),
            DrawSecret = _options.Secret is { } secret ? () => secret : PrivacySecret.Draw,
        });
        Jobs = JobManagerSingleton.Proxy(coordinator.System);
    }

    private void StartWorkers(NodeEnvironment environment, NodeOptions joining)
    {
        for (int i = 1; i <= _options.Workers; i++)
        {
            ClusterNode worker = Add(environment, joining with
            {
                Name = $"worker-{i}",
                Roles = [NodeRoles.Worker],
                ComputeThreads = _options.ThreadsPerWorker,
            });
            if (worker.Compute is ComputePool pool) _workers.Add(pool);
            WorkerNode.Start(worker.System, OptionsOf(worker, i == 1 ? _options.FirstWorkerSlowdown : 1), new WorkerPools(worker.Compute));
        }
    }

    private WorkerOptions OptionsOf(ClusterNode node, double slowdown) => new(new WorkerId(node.Name))
    {
        Slowdown = slowdown,
        Storage = _options.Storage,
        Roots = _options.Roots,
    };

    private void StartProcesses()
    {
        _processes = new WorkerProcesses(Seed.Address, _options, _warn);
        for (int i = 1; i <= _options.Workers; i++) _processes.Start(i);
    }

    private ClusterNode Add(NodeEnvironment environment, NodeOptions options, NodeAddress? address = null)
    {
        ClusterNode node = ClusterNode.Start(
            options with { Address = address ?? environment.NextAddress() }, CoordinatorCodecs.AddTo(MessageCodecs.ForMessages()), environment);
        _nodes.Add(node);
        return node;
    }
}

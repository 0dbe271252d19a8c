using System.Globalization;
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
/// Seed, coordinator and workers as actors of one node, a cluster of one member with all roles, in which messages go by reference. The
/// default way to run. The workers may be separate processes instead, nodes reached through TCP; they run the same actors.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const string JournalName = "journal.db";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(3), StorageDeadline = TimeSpan.FromSeconds(5);

    /// <summary>A cluster that stays up waits longer for its storage: others may make room meanwhile.</summary>
    private static readonly TimeSpan StandingStorageDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Processes of this machine are started within seconds: a job that none of them ever helps has failed.</summary>
    private static readonly TimeSpan NoWorkerLimit = TimeSpan.FromMinutes(2);

    private readonly List<ComputePool> _pools = [];
    private readonly WaitingWorkers _workers = new(Environment.ProcessorCount);
    private readonly LocalClusterOptions _options;
    private readonly Action<string> _warn;
    private ClusterNode? _node;
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
    public NodeAddress SeedAddress => Node.Address;

    /// <summary>Where the HTTP API listens; null if it does not.</summary>
    public NodeAddress? Http => _http?.Address;

    /// <summary>Where people look at it; null if it does not listen.</summary>
    public Uri? Dashboard => _http?.Dashboard;

    /// <summary>The worker processes that run now; none if workers are nodes of this process.</summary>
    public IReadOnlyCollection<int> WorkerProcessIds => _processes?.Ids ?? [];

    private ClusterNode Node => _node ?? throw new InvalidOperationException("LocalCluster: wanted a node that was started, got none.");

    /// <summary>Starts the node and waits until it is a member.</summary>
    /// <param name="options">Its size, folders and addresses.</param>
    /// <param name="warn">Told what the cluster warns of.</param>
    /// <exception cref="CommandFailedException">The node could not be started, or did not become a member in time.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, Action<string> warn)
    {
        LocalCluster cluster = new(options, warn);
        try
        {
            await cluster.StartAsync();
            await cluster.Node.WaitUntilUp(StartDeadline);
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
    public IActorRef Watch(JobId job, int run, ChannelWriter<object> heard) => Node.System.ActorOf(
        JobWatcherActor.For(job, run, Jobs, Node.System.ActorSelection(Node.Registry.Get<SeedNode>().Path), heard));

    /// <summary>Completes when the node of this process ends by itself.</summary>
    public Task WhenBroken() => Node.System.WhenTerminated;

    /// <summary>Ends the node at once: no node remains for a handover.</summary>
    public async ValueTask DisposeAsync()
    {
        _processes?.Dispose();
        if (_http is not null) await _http.DisposeAsync();
        try
        {
            if (_node is not null) await _node.System.Terminate().WaitAsync(StopDeadline);
        }
        catch (TimeoutException)
        {
            _warn($"The local cluster: wanted it to end within {StopDeadline.TotalSeconds:F0} s, it did not; the process ends all the same.");
        }
        foreach (ComputePool pool in _pools) pool.Dispose();
    }

    private async Task StartAsync()
    {
        NodeOptions options = new()
        {
            Name = "local",
            Address = _options.Listen ?? NodeAddress.Local,
            Roles = _options.Processes ? [NodeRoles.Seed, NodeRoles.Coordinator] : NodeRoles.All,
            Alone = !_options.Processes,
            SplitRole = _options.Processes ? NodeRoles.Seed : null,     // all worker processes may die at once; the side with this process goes on
            ComputeThreads = Math.Clamp(_options.JobsAtOnce, 1, Environment.ProcessorCount),
            JournalPath = Path.Combine(_options.RunDirectory, JournalName),
        };
        NodeEnvironment environment = _options.Processes
            ? NodeEnvironment.Tcp(options, Warn, LogLevel.WarningLevel)
            : NodeEnvironment.InProcess(log: Warn, logLevel: LogLevel.WarningLevel);
        _node = ClusterNode.Start(options, CoordinatorCodecs.AddTo(MessageCodecs.ForMessages()), environment, builder => AddRoles(builder, options));
        Jobs = JobManagerSingleton.Proxy(_node.System, "local-jobs");
        if (_options.Processes) StartProcesses();
        if (_options.Http is { } address)
            _http = await ApiServer.StartAsync(
                _node, new HttpOptions { Address = address, TokenPath = _options.TokenPath, Token = _options.Token },
                NodeHealth.Start(_node, $"/user/{SeedNode.ProgressName}", _ => Task.FromResult("contact point")), JobConfiguration.DashboardOf(_options));
    }

    private void AddRoles(AkkaConfigurationBuilder builder, NodeOptions options)
    {
        CoordinatorDatabase database = CoordinatorDatabase.Of(options);      // before the host starts, which would report a failure with a stack trace
        builder.WithSeed().WithCoordinator(node => CoordinatorOf(node, database));
        if (!_options.Processes) builder.WithWorkers([.. Enumerable.Range(1, _options.Workers).Select(i => (WorkerOf(i), new WorkerPools(PoolOf(i))))]);
    }

    private void Warn(LogEvent line)
    {
        if (_options.Verbose || !LogText.IsAkkas(line)) _warn(LogText.Of(line, _options.Verbose));
    }

    private CoordinatorOptions CoordinatorOf(ClusterNode node, CoordinatorDatabase database)
    {
        RowStorage storage = _options.OwnStorage with { Warn = _warn };
        return new CoordinatorOptions
        {
            Compute = node.Compute,
            Helpers = _options.Processes ? null : _workers,
            OwnRunners = _options.Workers,

            // The run directory is locked: the former holder of the lease is gone.
            Authority = AuthorityOptions.In(node, database, holder: "local"),
            LoadData = (spec, _) => DataSetCache.Shared.Open(spec.Text, spec.Name, spec.BaseDirectory, storage).Rows,
            Storage = storage,
            Limits = new CoordinatorLimits { JobsAtOnce = _options.JobsAtOnce, NoWorkerLimit = _options.Processes ? NoWorkerLimit : null },
            RunsDirectory = _options.RunsDirectory,
            Roots = _options.Roots,
            Failures = Failures,
            Ledger = _options.PrivacyLedger is { } path ? DatabaseDataLedger.InFile(path) : new DatabaseDataLedger(() => database),
            DrawSecret = _options.Secret is { } secret ? () => secret : PrivacySecret.Draw,
        };
    }

    private WorkerOptions WorkerOf(int number) => new(new WorkerId(NameOf(number)))
    {
        Slowdown = number == 1 ? _options.FirstWorkerSlowdown : 1,
        Storage = _options.Storage,
        Roots = _options.Roots,
    };

    private ComputePool PoolOf(int number)
    {
        ComputePool pool = new(_options.ThreadsPerWorker, $"{NameOf(number)} compute", deadline: TimeSpan.Zero);
        _pools.Add(pool);
        _workers.Add(pool);
        return pool;
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"worker-{number}");

    private void StartProcesses()
    {
        _processes = new WorkerProcesses(SeedAddress, _options, _warn);
        for (int i = 1; i <= _options.Workers; i++) _processes.Start(i);
    }
}

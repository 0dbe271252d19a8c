using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Database;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Privacy;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;

namespace Cluster.Coordinator;

/// <summary>The program of a coordinator node.</summary>
internal sealed class CoordinatorProgram : NodeProgram<CoordinatorProgramOptions>
{
    /// <summary>How long a database may be away before those who wait for a job are told. Shorter: a restart of it seems a failure.</summary>
    private static readonly TimeSpan s_storageDeadline = TimeSpan.FromSeconds(60);

    public override string Name => "coordinator";

    public override string Summary => "Runs a coordinator: the node that runs the jobs, or stands by to take them over.";

    public override SettingList<CoordinatorProgramOptions> Settings => CoordinatorProgramOptions.Settings;

    protected override string WorkPath => $"/user/{JobManagerSingleton.ManagerName}";

    protected override NodeOptions NodeOf(CoordinatorProgramOptions options) => options.Node.HasJournal
        ? options.Node
        : options.Node with { JournalPath = Path.Combine(options.Runs, "journal.db") };

    protected override MessageCodecs Codecs() => CoordinatorCodecs.AddTo(MessageCodecs.ForMessages());

    /// <remarks>The database is opened before the host starts: the host would report a failure with its own text and a stack trace.</remarks>
    protected override void AddRole(AkkaConfigurationBuilder builder, CoordinatorProgramOptions options)
    {
        CoordinatorDatabase database = CoordinatorDatabase.Of(NodeOf(options));
        builder.WithCoordinator(node => ActorsOf(node, options, database));
    }

    /// <summary>The job manager is an actor of this node only while the node holds it.</summary>
    protected override async Task<string> DutyAsync(ClusterNode node, TimeSpan deadline)
    {
        try
        {
            await node.System.ActorSelection($"{WorkPath}/{JobManagerSingleton.SingletonName}/{AuthorityKeeperActor.ManagerName}").ResolveOne(deadline);
            return "holds the jobs";
        }
        catch (ActorNotFoundException)
        {
            return "stands by";
        }
    }

    private static CoordinatorOptions ActorsOf(ClusterNode node, CoordinatorProgramOptions options, CoordinatorDatabase database)
    {
        RowStorage storage = RowStorage.Of(options.Data.CacheFolder, options.Data.CacheBytesMax, options.Data.MemoryBytesMax).ForShards() with { Warn = node.System.Log.RowCacheRefused };
        if (options.Data.Roots.IsEmpty) node.System.Log.NoDataRoots();
        return new CoordinatorOptions
        {
            Compute = node.Compute,
            Authority = AuthorityOptions.In(node, database),
            Checkpoints = options.StoresInDatabase ? new DatabaseCheckpointStore(database) : new FileCheckpointStore(),
            Models = options.StoresInDatabase ? new DatabaseModelStore(database) : new FileModelStore(),
            Limits = options.Limits(),
            RunsDirectory = Path.GetFullPath(options.Runs),
            Failures = new StorageFailures(TimeProvider.System, database.Name, s_storageDeadline)
            {
                Advice = "the job goes on by itself then",
                EndsWithLease = node.Options.JournalConnection is not null,
            },
            LoadData = (spec, numbers) => PreparedData.Load(spec, numbers, storage),
            Storage = storage,
            Roots = DataRoots.OfSetting(options.Data.Roots, options.Runs, FileModelStore.FileName),
            Ledger = new DatabaseDataLedger(() => database),
        };
    }
}

using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;

namespace Cluster.Worker;

/// <summary>What the worker's program is told.</summary>
public sealed record WorkerProgramOptions : ProgramOptions
{
    public WorkerProgramOptions() => Node = new NodeOptions { Roles = [NodeRoles.Worker], Seeds = [SeedAddressDefault] };

    /// <summary>How long a job's shards and state are kept after its parameter server was lost: see <see cref="WorkerOptions.OrphanTimeout"/>. Default 10 min. Limits: 1 s to 1 day.</summary>
    public TimeSpan OrphanTimeout { get; init; } = WorkerOptions.OrphanTimeoutDefault;

    /// <summary>Where data is kept.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>All that can be set.</summary>
    public static SettingList<WorkerProgramOptions> Settings { get; } = new SettingList<WorkerProgramOptions>(new())
        .AddNode()
        .AddData(o => o.Data, (o, v) => o with { Data = v })
        .Add(
            "orphan-timeout", nameof(OrphanTimeout), ValueKind.Duration, o => o.OrphanTimeout, (o, v) => o with { OrphanTimeout = v },
            "1s to 24h", "How long a job's data is kept after its coordinator was lost, for a new one to take it over.");

    /// <inheritdoc/>
    public override ImmutableArray<string> Errors() => OrphanTimeout >= TimeSpan.FromSeconds(1) && OrphanTimeout <= TimeSpan.FromDays(1)
        ? [.. base.Errors(), .. Data.Errors()]
        : [.. base.Errors(), .. Data.Errors(), $"{nameof(OrphanTimeout)}: wanted 00:00:01 to 1.00:00:00, got {OrphanTimeout}"];

    /// <summary>The options of the actors of a node that was started with these.</summary>
    public WorkerOptions ActorsOf(ClusterNode node) => new(new WorkerId(node.Name), OrphanTimeout)
    {
        Storage = RowStorage.Of(Data.CacheFolder, Data.CacheBytesMax, Data.MemoryBytesMax).ForShards(),
        Roots = DataRoots.OfSetting(Data.Roots),
    };
}

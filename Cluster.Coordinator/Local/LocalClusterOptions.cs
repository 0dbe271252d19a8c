using Cluster.Messages;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Local;

/// <summary>A cluster on this machine: all nodes in this process, or each worker in a separate process.</summary>
/// <param name="Workers">How many worker nodes.</param>
/// <param name="ThreadsPerWorker">How many cores each may use.</param>
/// <param name="RunDirectory">Where the coordinator keeps its journal.</param>
internal sealed record LocalClusterOptions(int Workers, int ThreadsPerWorker, string RunDirectory)
{
    /// <summary>How many times slower the first worker is than the others. Default 1: as fast; more only for trials of stragglers.</summary>
    public double FirstWorkerSlowdown { get; init; } = 1;

    /// <summary>Whether each worker is a separate process, reached through TCP.</summary>
    public bool Processes { get; init; }

    /// <summary>Whether warnings have stack traces.</summary>
    public bool Verbose { get; init; }

    /// <summary>Where nodes join; null for a free port of the loopback address. Only with processes.</summary>
    public NodeAddress? Listen { get; init; }

    /// <summary>Where the HTTP API listens; null for none.</summary>
    public NodeAddress? Http { get; init; }

    /// <summary>The file of the HTTP API's token; null for none.</summary>
    public string? TokenPath { get; init; }

    /// <summary>The token, if it is drawn for this process; null for that of the file.</summary>
    public string? Token { get; init; }

    /// <summary>The one job of this process, whose text the dashboard knows from the beginning; null if jobs are submitted.</summary>
    public SubmitJob? Watched { get; init; }

    /// <summary>Below which folder jobs get their run directories; null if each submission names its own.</summary>
    public string? RunsDirectory { get; init; }

    /// <summary>Where data that is too large for memory is kept.</summary>
    public RowStorage Storage { get; init; } = RowStorage.Default;

    /// <summary>Where this process keeps it, which holds no rows where workers are processes of their own.</summary>
    public RowStorage OwnStorage => Processes ? Storage.ForShards() : Storage;

    /// <summary>What submitted jobs may read; null if the one job is this process's own user's.</summary>
    public DataRoots? Roots { get; init; }

    /// <summary>The secret of private runs; null for a fresh one each.</summary>
    public PrivacySecret? Secret { get; init; }

    /// <summary>The file that counts what private runs spend of their data; null for the journal's database.</summary>
    public string? PrivacyLedger { get; init; }

    /// <summary>How many jobs run at once.</summary>
    public int JobsAtOnce { get; init; } = CoordinatorLimits.JobsAtOnceDefault;
}

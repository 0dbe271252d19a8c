using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Privacy;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator;

/// <summary>What a node with the role coordinator is given.</summary>
internal sealed record CoordinatorOptions
{
    /// <summary>Where data is loaded and files are written, so that no actor blocks.</summary>
    public required IComputePool Compute { get; init; }

    /// <summary>Which threads help the parameter server with a step. Default: those of <see cref="Compute"/>.</summary>
    public IComputePool? Helpers { get; init; }

    /// <summary>Task runners of this node if it is also a worker. Default: one; a local cluster has one for each worker.</summary>
    public int OwnRunners { get; init; } = 1;

    /// <summary>How the node comes by the authority to write.</summary>
    public required AuthorityOptions Authority { get; init; }

    /// <summary>Where checkpoints go. Default: files below each job's run directory.</summary>
    public ICheckpointStore Checkpoints { get; init; } = new FileCheckpointStore();

    /// <summary>Where models go. Default: a file in each job's run directory.</summary>
    public IModelStore Models { get; init; } = new FileModelStore();

    /// <summary>Intervals and limits.</summary>
    public CoordinatorLimits Limits { get; init; } = new();

    /// <summary>Reads a job's data. Default: from the job's source; a node that also works may share what its worker has read.</summary>
    public LoadData LoadData { get; init; } = PreparedData.Load;

    /// <summary>Where rows are kept of which only the identity is wanted, those of folds.</summary>
    public RowStorage Storage { get; init; } = RowStorage.Default;

    /// <summary>Whom progress is told. Default: the progress hub of every seed.</summary>
    public IProgressReporter? Progress { get; init; }

    /// <summary>Told of refused writes. Default: none; each part retries by itself.</summary>
    public StorageFailures? Failures { get; init; }

    /// <summary>How contributions are summed and asked for again.</summary>
    public RoundRules Rules { get; init; } = RoundRules.Default;

    /// <summary>Whether this node sees a data source. Default: whether the file or folder exists.</summary>
    public Func<string, bool> SeesData { get; init; } = Path.Exists;

    /// <summary>
    /// What jobs of strangers may read. They then get a run directory below <see cref="RunsDirectory"/> and nowhere else, and are told nothing
    /// of what stands in files. Default: null, for jobs that are this process's own user's.
    /// </summary>
    public DataRoots? Roots { get; init; }

    /// <summary>What private runs have spent of their data. Default: of this process's runs.</summary>
    public IDataLedger Ledger { get; init; } = new MemoryDataLedger();

    /// <summary>Draws the secret of a private run. Default: a new one each time; a repeated run is given its own.</summary>
    public Func<PrivacySecret> DrawSecret { get; init; } = PrivacySecret.Draw;

    /// <summary>Below which folder a job whose submission names no run directory gets one. Default: none, so such a job is refused.</summary>
    public string? RunsDirectory { get; init; }
}

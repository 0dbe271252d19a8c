using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Privacy;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

/// <summary>What the coordinator's actors are given instead of reaching for it, so that a simulation can give them something else.</summary>
/// <param name="Compute">Where files are read and written and data is loaded.</param>
/// <param name="Checkpoints">Where checkpoints go.</param>
/// <param name="Models">Where models go.</param>
/// <param name="Limits">Intervals and limits.</param>
/// <param name="Shards">The region of the data shards, or a proxy of it.</param>
/// <param name="Progress">Whom progress is told.</param>
/// <param name="LoadData">Reads a job's data.</param>
internal sealed record CoordinatorServices(
    IComputePool Compute, ICheckpointStore Checkpoints, IModelStore Models, CoordinatorLimits Limits,
    IActorRef Shards, IProgressReporter Progress, LoadData LoadData)
{
    /// <summary>Which threads help the parameter server with a step.</summary>
    public IComputePool Helpers { get; init; } = Compute;

    /// <summary>Task runners of this node if it is also a worker.</summary>
    public int OwnRunners { get; init; } = 1;

    /// <summary>How contributions are summed and asked for again.</summary>
    public RoundRules Rules { get; init; } = RoundRules.Default;

    /// <summary>Where rows are kept of which only the identity is wanted, those of folds.</summary>
    public RowStorage Storage { get; init; } = RowStorage.Default;

    /// <summary>Whether this node sees a data source; a job whose data it cannot see is refused.</summary>
    public Func<string, bool> SeesData { get; init; } = _ => true;

    /// <summary>What jobs of strangers may read; null if jobs are this process's own user's.</summary>
    public DataRoots? Roots { get; init; }

    /// <summary>Below which folder a job whose submission names no run directory gets one; null if there is none.</summary>
    public string? RunsDirectory { get; init; }

    /// <summary>Draws the secret of a private run.</summary>
    public Func<PrivacySecret> DrawSecret { get; init; } = PrivacySecret.Draw;

    /// <summary>What private runs have spent of their data.</summary>
    public IDataLedger Ledger { get; init; } = new MemoryDataLedger();

    /// <summary>What all of them write under.</summary>
    public WriteAuthority Authority { get; init; } = WriteAuthority.Unchallenged;

    /// <summary>Told of refused writes; null for none.</summary>
    public StorageFailures? Failures { get; init; }

    /// <summary>The same, writing under a grant of the lease.</summary>
    public CoordinatorServices Under(WriteAuthority authority) => this with
    {
        Authority = authority,
        Checkpoints = Checkpoints.Under(authority),
        Models = Models.Under(authority),
    };

    /// <summary>The journal refused an actor's event, or could not be read; the actor stops.</summary>
    public void Refused(ILoggingAdapter log, string stream, Exception cause)
    {
        Failures?.Note(cause);
        log.JournalRefused(stream, FailureCauses.Describe(cause));
    }
}

using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Privacy;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

// Between a parameter server, its own background work and its job's coordinator in the same process; no part of the protocol.

/// <summary>The job has ended: tell the workers, then stop.</summary>
internal sealed record Retire
{
    public static readonly Retire Instance = new();
}

/// <summary>The parameter server stops, to be started again, for this reason.</summary>
internal sealed record LifeEnded(string Reason);

/// <summary>What the exchange with the workers has cost so far, for the job's report.</summary>
internal sealed record ExchangeMeasured(ImmutableArray<Messages.NamedFigure> Figures);

/// <summary>Looks for workers that are late.</summary>
internal sealed record SpeculationTick
{
    public static readonly SpeculationTick Instance = new();
}

/// <summary>Looks at the open round.</summary>
internal sealed record RoundTick
{
    public static readonly RoundTick Instance = new();
}

/// <summary>Reports progress if there is any.</summary>
internal sealed record ProgressTick
{
    public static readonly ProgressTick Instance = new();
}

/// <summary>The run directory has been searched for checkpoints.</summary>
internal sealed record CheckpointsRead(CheckpointsFound Found);

/// <summary>It could not be searched.</summary>
internal sealed record CheckpointsUnreadable(Exception Reason);

/// <summary>A checkpoint is on disk.</summary>
internal sealed record CheckpointStored(CheckpointHeader Header, string StateSha256);

/// <summary>A checkpoint could not be written.</summary>
internal sealed record CheckpointNotStored(CheckpointHeader Header, Exception Reason);

/// <summary>The model file is on disk.</summary>
internal sealed record ModelStored(string Path, string StateSha256);

/// <summary>The model file could not be written.</summary>
internal sealed record ModelNotStored(Exception Reason);

/// <summary>The data's ledger holds what the run is about to spend. Told the job's coordinator, too.</summary>
/// <param name="Spending">What.</param>
/// <param name="Others">What all other runs have spent of the same data.</param>
internal sealed record SpendingEntered(DataSpending Spending, ImmutableArray<PrivacyEntry> Others) : INoSerializationVerificationNeeded;

/// <summary>It does not: the budget would be passed, or the ledger cannot be written.</summary>
internal sealed record SpendingRefused(Exception Reason) : INoSerializationVerificationNeeded;

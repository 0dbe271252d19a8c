using Cluster.Messages.Identifiers;
using Cluster.Ml.Compression;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>What the parameter server must know of a job to count: sizes, never values.</summary>
/// <param name="Job">The job.</param>
/// <param name="MicroBatches">Leaves of the summation tree, and data shards.</param>
/// <param name="StepsPerEpoch">Steps of one epoch; the fewest where the learner decides (<see cref="Ml.Learning.ILearner.IsWithinEpoch"/>).</param>
/// <param name="Epochs">The most epochs.</param>
/// <param name="Classes">Whether there are classes, so that an accuracy means something.</param>
/// <param name="CheckpointEverySteps">Steps between two checkpoints; 0 for the end of epochs only.</param>
/// <param name="Ledger">The privacy ledger before the first step; null if training is not private.</param>
internal sealed record TrainingPlan(
    JobId Job, int MicroBatches, long StepsPerEpoch, int Epochs, bool Classes, int CheckpointEverySteps, PrivacyLedger? Ledger = null)
{
    /// <summary>How many steps' noise is accounted for with one entry in the journal.</summary>
    public const int ReservationSteps = 256;

    /// <summary>After how many median answers a late worker's micro-batches go to another, too; null for never.</summary>
    public double? SpeculateAfter { get; init; }

    /// <summary>How many steps a micro-batch may be ahead of the slowest; null if every step waits for all.</summary>
    public int? StalenessBound { get; init; }

    /// <summary>The numbers that a contribution would have without compression; null if they are sent as they are.</summary>
    public int? UncompressedLength { get; init; }

    /// <summary>What workers carry from step to step; null for nothing.</summary>
    public FeedbackPlan? Feedback { get; init; }

    /// <summary>Where training is private, what is told in the place of how many rows a step drew; else null.</summary>
    public int? NominalBatch { get; init; }

    /// <summary>Whether a step that is taken again comes to the same bits.</summary>
    public bool IsDeterministic => StalenessBound is null;

    /// <summary>Steps of all epochs.</summary>
    public long Steps => StepsPerEpoch * Epochs;
}

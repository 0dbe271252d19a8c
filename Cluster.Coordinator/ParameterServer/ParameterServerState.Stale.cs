using Cluster.Coordinator.Checkpoints;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

// Training with bounded staleness: steps are counted by the slowest micro-batch, and all meet at the end of each epoch.
internal sealed partial class ParameterServerState
{
    /// <summary>The next step of each micro-batch; null if every step waits for all.</summary>
    public StaleClocks? Clocks { get; } = plan.StalenessBound is { } bound ? new StaleClocks(plan.MicroBatches, bound) : null;

    /// <summary>Whether micro-batches are stepping at a pace of their own.</summary>
    public bool IsTrainingStale => _training && Clocks is not null;

    /// <summary>The step at which all wait for each other.</summary>
    public long EpochEnd => (Epoch + 1) * plan.StepsPerEpoch;

    /// <summary>Names what a worker is given next.</summary>
    public RoundId NextStaleRound(long step) => new(incarnation, ++_ordinal, RoundPurpose.TrainStale, step, Epoch);

    /// <summary>A sum was applied whose step the clocks have taken.</summary>
    /// <param name="tally">What the epoch has come to with it.</param>
    /// <param name="withinEpoch">Whether the learner wants more steps of the epoch.</param>
    public Decision OnStaleStepped(StepTally tally, bool withinEpoch)
    {
        (Tally, _withinEpoch) = (tally, withinEpoch);
        if (Clocks!.Slowest == Step) return Decision.Waits;
        Step = Clocks.Slowest;
        StepInEpoch = Step - (Epoch * plan.StepsPerEpoch);
        return Advance();
    }
}

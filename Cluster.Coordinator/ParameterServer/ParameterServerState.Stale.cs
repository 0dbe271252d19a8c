using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;

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

    /// <summary>Applies a sum whose step the clocks have taken. Rates and corrections go by that step, as if all took it together.</summary>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    public Decision OnStale(Subtree subtree, long step, ReadOnlyMemory<byte> sum)
    {
        Tally = store.StepPart(sum, new StepContext(step, Epoch, plan.StepsPerEpoch), (float)subtree.Count / plan.MicroBatches, Tally);
        if (Clocks!.Slowest == Step) return Decision.Wait;
        Step = Clocks.Slowest;
        StepInEpoch = Step - (Epoch * plan.StepsPerEpoch);
        return Advance();
    }
}

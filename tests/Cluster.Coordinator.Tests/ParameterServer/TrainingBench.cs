using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

/// <summary>A state, and numbers that follow its decisions, as in the actor: what it returns is what would be left for that.</summary>
internal sealed class TrainingBench
{
    public TrainingBench(TrainingPlan plan, ParameterStore store, long incarnation)
    {
        State = new ParameterServerState(plan, store.TreeOf, incarnation);
        Numbers = new RoundNumbers(State, store);
    }

    public ParameterServerState State { get; }

    public RoundNumbers Numbers { get; }

    /// <summary>What became of the last contribution.</summary>
    public Received Last { get; private set; }

    public long Step => State.Step;

    public int Epoch => State.Epoch;

    public long StepInEpoch => State.StepInEpoch;

    public StepTally LastTally => State.LastTally;

    public RoundId Round => State.Round;

    public bool RoundOpen => State.RoundOpen;

    public NumericBuffer Shown => Numbers.Shown;

    public void Begin(long reserved) => Numbers.Begin(reserved);

    public void Restore(Checkpoint checkpoint, long reserved) => Numbers.Restore(checkpoint, reserved);

    public CheckpointHeader Header(string textHash) => Numbers.Header(textHash);

    public Decision OnTrainEpoch(int epoch) => Numbers.Perform(State.OnTrainEpoch(epoch));

    public Decision OnReserved(long steps) => Numbers.Perform(State.OnReserved(steps));

    public Decision OnEvaluateSplit(RoundPurpose purpose, int epoch) => Numbers.Perform(State.OnEvaluateSplit(purpose, epoch));

    public Decision OnKeepBest(int epoch) => Numbers.Perform(State.OnKeepBest(epoch));

    public Decision OnRestoreBest(int epoch) => Numbers.Perform(State.OnRestoreBest(epoch));

    public Decision OnHostsChanged(Func<WorkerId, int, bool> holds) => Numbers.Perform(State.OnHostsChanged(holds));

    public Decision OnResidualsLost(ResidualsLost lost) => Numbers.Perform(State.OnResidualsLost(lost));

    public Decision OnContribution(PushContribution push)
    {
        Last = Numbers.OnContribution(push);
        return Last.Next;
    }
}

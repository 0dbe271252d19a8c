using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.ParameterServer;

// Where workers carry what they leave out from step to step: training goes on from the beginning of the window where any of that is lost,
// and comes to the same bits. So nothing that matters is ever with a worker alone.
internal sealed partial class ParameterServerState
{
    private readonly ResidualCarriers _carriers = (rules ?? RoundRules.Default).Carriers(plan.Feedback is null ? 0 : plan.MicroBatches);
    private (long Step, long StepInEpoch, Checkpoints.StepTally Tally)? _window;      // where the window began that is not at its end
    private long _windowsRepeated, _stepsRepeated;
    private bool _repeated;                                                          // the open round was asked for again

    /// <summary>The newest step that all that matters is here of: the beginning of the window, or the current step between two.</summary>
    public long SoundStep => _window?.Step ?? Step;

    private StepContext NextStep => new(Step, Epoch, plan.StepsPerEpoch);

    /// <summary>Whether micro-batches carry what they left out, so that nobody can answer for another.</summary>
    public bool IsCarrying => plan.Feedback is not null && RoundOpen && Round.Purpose == RoundPurpose.Train;

    /// <summary>The open round was asked for again.</summary>
    public void OnRepeated() => _repeated = true;

    /// <summary>A worker was asked for micro-batches whose residual it does not have.</summary>
    public Decision OnResidualsLost(ResidualsLost lost)
    {
        if (!IsCarrying || lost.Round != Round) return Decision.Waits;
        foreach (int shard in lost.Shards)
            if (shard < plan.MicroBatches && Tree.IsMissing(shard) && (_repeated || _carriers[shard] == lost.Worker)) return BeginWindowAgain();
        return Decision.Waits;
    }

    /// <summary>Workers have come or gone.</summary>
    /// <param name="holds">Whether a worker still holds a micro-batch.</param>
    public Decision OnHostsChanged(Func<WorkerId, int, bool> holds)
    {
        if (!IsCarrying) return Decision.Waits;
        bool ends = plan.Feedback!.Ends(NextStep);
        for (int shard = 0; shard < plan.MicroBatches; shard++)
            if (_carriers[shard] is { } carrier && (!ends || Tree.IsMissing(shard)) && !holds(carrier, shard)) return BeginWindowAgain();
        return Decision.Waits;
    }

    // Whoever does not carry them may have been asked because it holds the shards now: if nobody else answers, it is right.
    private Decision? RefuseStranger(PushContribution push, Subtree subtree)
    {
        if (!IsCarrying || plan.Feedback!.Begins(NextStep) || _carriers.Carries(push.Worker, subtree)) return null;
        bool missing = false;
        for (int shard = subtree.First; shard < subtree.First + subtree.Count; shard++) missing |= Tree.IsMissing(shard);
        return missing && _repeated ? BeginWindowAgain() : Decision.Waits;
    }

    private bool TryBeginWindow()
    {
        _repeated = false;
        if (plan.Feedback?.Begins(NextStep) != true) return false;
        _carriers.Clear();
        _window = (Step, StepInEpoch, Tally);
        return true;
    }

    private Decision.PublishAgain BeginWindowAgain()
    {
        _windowsRepeated++;
        _stepsRepeated += Step - _window!.Value.Step;
        (Step, StepInEpoch, Tally) = _window.Value;
        Begin(RoundPurpose.Train);
        TryBeginWindow();
        return new Decision.PublishAgain(Round, _windowsRepeated, _stepsRepeated);
    }

    // Within a window no checkpoint would be one: the first after a multiple of the steps is taken.
    private bool IsCheckpointDue(int every)
    {
        if (plan.Feedback is not { } feedback) return Step % every == 0;
        return feedback.Begins(NextStep) && Step / every > feedback.BeginningBefore(NextStep) / every;
    }
}

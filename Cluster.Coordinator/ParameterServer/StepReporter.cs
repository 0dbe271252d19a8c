using Cluster.Messages;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Turns what happened since the last report into the next one.</summary>
internal sealed class StepReporter(TrainingPlan plan)
{
    private long _step = -1;
    private int _workers = -1;
    private double _examples;
    private int _epoch = -1;
    private DateTimeOffset? _at;

    /// <summary>The next report, or null if nothing has changed.</summary>
    public StepsProgressed? Report(ParameterServerState state, int workers, DateTimeOffset now)
    {
        if (state.Step == _step && workers == _workers) return null;
        // Within an epoch the tally says how many examples there were; across its end the rest of the old epoch counts too.
        double before = state.Epoch == _epoch ? _examples : _examples - state.LastTally.Examples;
        double seconds = _at is { } at ? (now - at).TotalSeconds : 0;
        if (plan.NominalBatch is { } batch) return Private(state, workers, seconds > 0 && _step >= 0 ? Math.Max(0, state.Step - _step) * batch / seconds : 0, now);
        double rate = seconds > 0 && _step >= 0 && state.Step > _step ? Math.Max(0, state.Tally.Examples - before) / seconds : 0;
        (_step, _workers, _examples, _epoch, _at) = (state.Step, workers, state.Tally.Examples, state.Epoch, now);
        bool fresh = state.StepInEpoch == 0 && state.Epoch > 0;
        var shown = fresh ? state.LastTally : state.Tally;
        return new StepsProgressed(
            plan.Job, state.Step, StepsAtMost(state), state.Epoch, plan.Epochs,
            shown.MeanLoss, shown.Accuracy(plan.Classes), rate, workers);
    }

    /// <summary>Steps of all epochs; where the learner decides how long an epoch is, as if the others were as long as those so far.</summary>
    private long StepsAtMost(ParameterServerState state)
    {
        long first = state.Epoch == 0 ? state.StepInEpoch : (state.Step - state.StepInEpoch) / state.Epoch;
        return Math.Max(plan.Steps, first * plan.Epochs);
    }

    /// <summary>Of a private job nothing but how far it is: loss, accuracy and number of the rows drawn are outputs that no ε covers.</summary>
    private StepsProgressed Private(ParameterServerState state, int workers, double rate, DateTimeOffset now)
    {
        (_step, _workers, _epoch, _at) = (state.Step, workers, state.Epoch, now);
        return new StepsProgressed(plan.Job, state.Step, plan.StepsPerEpoch * plan.Epochs, state.Epoch, plan.Epochs, double.NaN, double.NaN, rate, workers);
    }
}

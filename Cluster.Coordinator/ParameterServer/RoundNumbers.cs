using Cluster.Coordinator.Checkpoints;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>What a contribution led to.</summary>
/// <param name="Next">What is left to do.</param>
/// <param name="Outcome">What became of its numbers; null if they were not offered to the sum, or are none.</param>
/// <param name="Bytes">How many bytes the sum took.</param>
/// <param name="Failure">Why it was refused, or null.</param>
internal readonly record struct Received(Decision Next, SumOutcome? Outcome, int Bytes, string? Failure)
{
    /// <summary>Whether it was whole, and wanted.</summary>
    public bool IsTaken => Outcome == SumOutcome.Accepted;
}

/// <summary>Does with the numbers what the state decides, tells it what that came to, and hands on what is left to do. It decides nothing.</summary>
/// <param name="state">Decides.</param>
/// <param name="store">The numbers.</param>
/// <param name="places">Where those of other nodes come in; null where every contribution comes with its numbers.</param>
internal sealed class RoundNumbers(ParameterServerState state, ParameterStore store, IVectorPlaces? places = null)
{
    private readonly ContributionInbox _inbox = new(places, store.Incoming);

    /// <summary>The state that workers and the model file are to see.</summary>
    public NumericBuffer Shown => state.ShowingBest ? store.Best! : store.State;

    /// <summary>Begins before the first step.</summary>
    public void Begin(long reservedSteps)
    {
        store.EndWindow();
        store.Initialize();
        state.Begin(reservedSteps);
    }

    /// <summary>Goes on where the checkpoint stands.</summary>
    public void Restore(Checkpoint checkpoint, long reservedSteps)
    {
        store.EndWindow();
        store.Restore(checkpoint);
        state.Restore(checkpoint.Header, reservedSteps, store.IsWithinEpoch);
    }

    /// <summary>What a checkpoint says that is taken now.</summary>
    public CheckpointHeader Header(string jobTextSha256) =>
        state.Header(jobTextSha256, store.State.Kind, store.State.Length, store.OptimizerState.Length);

    /// <summary>Takes a contribution, or the handle of one, for which it opens a place.</summary>
    /// <exception cref="Ml.Learning.DivergedException">It completed the sum, and the sum or the new state is not finite.</exception>
    public Received OnContribution(PushContribution push)
    {
        Decision decision = state.OnContribution(push);
        if (decision is Decision.Refuse refused) return new Received(Decision.Waits, null, 0, refused.Reason);
        if (decision is not Decision.Take take) return new Received(Perform(decision), null, 0, null);
        RoundPurpose purpose = push.Round.Purpose;
        if (!_inbox.Add(push, (PayloadKind)store.KindOf(purpose), store.BytesOf(purpose), out ReadOnlyMemory<byte> sum, out string? failure))
            return new Received(Decision.Waits, null, 0, failure);
        if (store.Offer(purpose, take.Subtree, sum) is not { } outcome)
            return new Received(Decision.Waits, null, 0, $"subtree {push.Subtree}: wanted a contribution, got {sum.Length} bytes that are none; run the same version of the program on every node");
        return new Received(Perform(state.OnOffered(push.Worker, take.Subtree, outcome)), outcome, sum.Length, null);
    }

    /// <summary>Does what a decision wants of the numbers.</summary>
    /// <returns>What is left to do, which is for the actor.</returns>
    /// <exception cref="Ml.Learning.DivergedException">The sum or the new state is not finite.</exception>
    public Decision Perform(Decision decision)
    {
        switch (decision)
        {
            case Decision.TakeStep step: return Perform(Step(step));
            case Decision.Measure: return state.OnMeasured(new TensorPayload(PayloadKind.Float64, store.TakeEvaluation()));
            case Decision.EpochDone: store.EndWindow(); break;
            case Decision.BestKept { IsNew: true }: store.KeepBest(); break;
            case Decision.Publish publish: Open(publish.BeginsWindow); break;
            case Decision.PublishAgain: OpenAgain(); break;
        }
        return decision;
    }

    /// <summary>Nothing that is on its way is wanted any more.</summary>
    public void Forget() => _inbox.Clear();

    private Decision Step(Decision.TakeStep taken)
    {
        StepTally tally;
        if (state.Ranges is { } ranges) (ranges.Scale, tally) = store.Decide(ranges.Squares, taken.Step, taken.Tally);
        else tally = store.Step(taken.Step, taken.Tally);
        if (taken.EndsWindow) store.EndWindow();
        return state.OnStepped(tally, store.IsWithinEpoch);
    }

    private void Open(bool beginsWindow)
    {
        store.ResetSums();
        _inbox.Clear();
        if (beginsWindow) store.KeepWindow();
    }

    private void OpenAgain()
    {
        store.RestoreWindow();
        Open(beginsWindow: true);
    }
}

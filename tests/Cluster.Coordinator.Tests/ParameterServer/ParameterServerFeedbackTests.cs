using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Compression;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

/// <summary>Epochs of seven steps in windows of three: steps 0–2, 3–5 and 6.</summary>
public sealed class ParameterServerFeedbackTests
{
    private readonly ParameterStore _store = new(new SummingLearner(), 4, new NumericBufferPool());
    private readonly TrainingBench _state;

    public ParameterServerFeedbackTests()
    {
        _state = new TrainingBench(Plan(), _store, incarnation: 5);
        _state.Begin(0);
        _state.OnTrainEpoch(0);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    public void Where_a_carrier_is_lost_training_goes_on_from_the_beginning_of_the_window_and_comes_to_the_same_bits(int lostAt, int window)
    {
        double wanted = Trained();
        StepsTo(lostAt);
        RoundId old = _state.Round;
        NumericBuffer published = _state.Shown;
        double before = published.Doubles[0];

        Decision decision = _state.OnHostsChanged((worker, _) => worker.Value != "b");

        decision.ShouldBe(new Decision.PublishAgain(_state.Round, WindowsRepeated: 1, StepsRepeated: lostAt - window));
        _state.Step.ShouldBe(window);
        _state.Round.Step.ShouldBe(window);
        (_state.Round > old).ShouldBeTrue();
        published.Doubles[0].ShouldBe(before, "a worker may still be reading it");
        _state.OnContribution(Some.Push(old, 0, 2)).ShouldBeOfType<Decision.Wait>();
        StepsTo(7);
        _store.State.Doubles[0].ShouldBe(wanted);
        _store.OptimizerState.Doubles[0].ShouldBe(7);
    }

    [Fact]
    public void Between_windows_nobody_carries_anything()
    {
        StepsTo(3);
        _state.OnHostsChanged((_, _) => false).ShouldBeOfType<Decision.Wait>();
        StepsTo(6);
        _state.OnHostsChanged((_, _) => false).ShouldBeOfType<Decision.Wait>();
        Answer("a", 0, 2);

        _state.OnHostsChanged((_, _) => false).ShouldBeOfType<Decision.Wait>("the last step of an epoch is a window of its own");
    }

    [Fact]
    public void A_carrier_that_has_answered_the_last_step_of_the_window_may_go()
    {
        StepsTo(2);
        Answer("b", 2, 2);

        _state.OnHostsChanged((worker, _) => worker.Value != "b").ShouldBeOfType<Decision.Wait>();
        _state.OnHostsChanged((worker, _) => worker.Value != "a").ShouldBeOfType<Decision.PublishAgain>();
    }

    [Fact]
    public void Within_a_window_only_the_carrier_is_believed()
    {
        StepsTo(1);

        Answer("b", 0, 2).ShouldBeOfType<Decision.Wait>();
        Answer("b", 0, 4).ShouldBeOfType<Decision.Wait>();
        _state.Last.IsTaken.ShouldBeFalse();
        Answer("a", 0, 2);
        _state.Last.IsTaken.ShouldBeTrue();
        Answer("b", 2, 2).ShouldBeOfType<Decision.Publish>();
    }

    // Where the carrier's last word was lost, another worker answers, and nobody else ever will.
    [Fact]
    public void Another_that_answers_a_round_asked_for_again_begins_the_window_again()
    {
        StepsTo(2);
        Answer("b", 2, 2);
        Answer("c", 0, 2).ShouldBeOfType<Decision.Wait>();

        _state.State.OnRepeated();

        Answer("c", 2, 2).ShouldBeOfType<Decision.Wait>("that sum is here");
        Answer("c", 0, 2).ShouldBeOfType<Decision.PublishAgain>();
        Answer("c", 0, 2);
        _state.Last.IsTaken.ShouldBeTrue();
    }

    [Fact]
    public void Lost_residuals_count_at_once_from_the_carrier_and_from_others_when_the_round_was_asked_for_again()
    {
        StepsTo(1);

        Lost("b", 0, 1).ShouldBeOfType<Decision.Wait>();
        Lost("a", 2).ShouldBeOfType<Decision.Wait>();
        Lost("a", 9).ShouldBeOfType<Decision.Wait>();
        _state.OnResidualsLost(new ResidualsLost(Some.Job, _state.Round with { Ordinal = 0 }, new WorkerId("a"), [0])).ShouldBeOfType<Decision.Wait>();
        Lost("a", 1).ShouldBeOfType<Decision.PublishAgain>();
        StepsTo(2);
        _state.State.OnRepeated();
        Lost("c", 3).ShouldBeOfType<Decision.PublishAgain>();
        Lost("a", 0).ShouldBeOfType<Decision.Wait>("at the beginning nothing is lost");
    }

    [Fact]
    public void A_checkpoint_within_a_window_is_that_of_its_beginning()
    {
        double wanted = Trained();
        StepsTo(5);

        _state.State.SoundStep.ShouldBe(3);
        Checkpoint checkpoint = new(_state.Header(Some.TextHash), Copy(_store.SoundState), Copy(_store.SoundOptimizerState), null);
        (checkpoint.Header.Step, checkpoint.Header.StepInEpoch, checkpoint.Header.Tally.Examples).ShouldBe((3, 3, 12));
        ParameterStore store = new(new SummingLearner(), 4, new NumericBufferPool());
        TrainingBench next = new(Plan(), store, incarnation: 6);
        next.Restore(checkpoint, 0);
        next.OnTrainEpoch(0);
        while (next.Epoch == 0) Step(next);

        store.State.Doubles[0].ShouldBe(wanted);
        next.LastTally.Examples.ShouldBe(28);
    }

    [Theory]
    [InlineData(1, new long[] { 0, 3, 6, 7 })]
    [InlineData(2, new long[] { 0, 3, 6, 7 })]
    [InlineData(4, new long[] { 0, 6, 7 })]
    [InlineData(5, new long[] { 0, 6, 7 })]
    [InlineData(0, new long[] { 0, 7 })]
    public void Checkpoints_are_due_at_the_first_beginning_of_a_window_after_their_step(int every, long[] wanted)
    {
        TrainingBench state = new(Plan() with { CheckpointEverySteps = every }, _store, incarnation: 5);
        state.Begin(0);
        state.OnTrainEpoch(0);
        List<long> due = [];

        do
        {
            if (state.State.CheckpointDue) due.Add(state.Step);
            Step(state);
        }
        while (state.Epoch == 0);
        if (state.State.CheckpointDue) due.Add(state.Step);

        due.ShouldBe(wanted);
    }

    private static TrainingPlan Plan() => Some.Plan(stepsPerEpoch: 7) with { Feedback = new FeedbackPlan(3, 1) };

    private static double Trained()
    {
        ParameterStore store = new(new SummingLearner(), 4, new NumericBufferPool());
        TrainingBench state = new(Plan() with { Feedback = null }, store, incarnation: 5);
        state.Begin(0);
        state.OnTrainEpoch(0);
        while (state.Epoch == 0) Step(state);
        return store.State.Doubles[0];
    }

    private static NumericBuffer Copy(NumericBuffer numbers)
    {
        NumericBuffer copy = new(numbers.Kind, numbers.Length);
        copy.CopyFrom(numbers);
        return copy;
    }

    private static void Step(TrainingBench state)
    {
        state.OnContribution(Some.Push(state.Round, 0, 2, Math.Sin(state.Step + 1), "a"));
        state.OnContribution(Some.Push(state.Round, 2, 2, Math.Cos(state.Step + 1), "b"));
    }

    private void StepsTo(long step)
    {
        while (_state.Step < step) Step(_state);
    }

    private Decision Answer(string worker, int first, int count) => _state.OnContribution(Some.Push(_state.Round, first, count, worker: worker));

    private Decision Lost(string worker, params int[] shards) =>
        _state.OnResidualsLost(new ResidualsLost(Some.Job, _state.Round, new WorkerId(worker), [.. shards]));
}

using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class ParameterServerStateTests
{
    [Fact]
    public void A_step_is_taken_when_the_tree_is_covered_and_the_next_round_opens_at_once()
    {
        (ParameterServerState state, ParameterStore store) = Fresh();
        state.OnTrainEpoch(0).ShouldBe(Decision.Publish);
        RoundId first = state.Round;

        state.OnContribution(Some.Push(first, 0, 2, value: 3)).ShouldBe(Decision.Wait);
        state.OnContribution(Some.Push(first, 2, 2, value: 4)).ShouldBe(Decision.Publish);

        state.Step.ShouldBe(1);
        store.State.Doubles[0].ShouldBe(7.5);
        state.Round.ShouldBe(new RoundId(5, first.Ordinal + 1, RoundPurpose.Train, 1, 0));
    }

    [Fact]
    public void Duplicates_and_answers_to_older_rounds_change_nothing()
    {
        (ParameterServerState state, ParameterStore store) = Fresh();
        state.OnTrainEpoch(0);
        RoundId first = state.Round;
        PushContribution left = Some.Push(first, 0, 2, value: 3);

        state.OnContribution(left);
        state.OnContribution(left).ShouldBe(Decision.Wait);
        state.OnContribution(Some.Push(first, 0, 1, value: 100)).ShouldBe(Decision.Wait);
        state.OnContribution(Some.Push(first, 2, 2, value: 4));
        state.OnContribution(left).ShouldBe(Decision.Wait);
        state.OnContribution(Some.Push(first with { Incarnation = 4 }, 0, 4)).ShouldBe(Decision.Wait);

        state.Step.ShouldBe(1);
        store.State.Doubles[0].ShouldBe(7.5);
    }

    [Fact]
    public void The_published_state_is_not_overwritten_by_the_next_step()
    {
        (ParameterServerState state, _) = Fresh();
        state.OnTrainEpoch(0);
        NumericBuffer published = state.Shown;

        state.OnContribution(Some.Push(state.Round, 0, 4, value: 3));

        published.Doubles[0].ShouldBe(1);
        state.Shown.ShouldNotBeSameAs(published);
    }

    [Fact]
    public void A_contribution_of_another_shape_is_refused_with_the_reason()
    {
        (ParameterServerState state, _) = Fresh();
        state.OnTrainEpoch(0);
        PushContribution good = Some.Push(state.Round, 0, 4);

        state.OnContribution(good with { Subtree = new SubtreeId(1, 2) }).ShouldBe(Decision.Wait);
        state.Failure.ShouldNotBeNull().ShouldContain("aligned");
        state.OnContribution(good with { Sum = good.Sum with { Kind = PayloadKind.Float32 } }).ShouldBe(Decision.Wait);
        state.Failure.ShouldNotBeNull().ShouldContain("Float64");
        state.OnContribution(good with { Sum = new TensorPayload(PayloadKind.Float64, new byte[8]) }).ShouldBe(Decision.Wait);
        state.Failure.ShouldNotBeNull();

        state.OnContribution(good).ShouldBe(Decision.Publish);
    }

    // state ← state / 2 + 8, from 1: 8.5, 12.25, 14.1
    [Fact]
    public void An_epoch_goes_on_as_long_as_the_learner_says_so_and_a_checkpoint_in_its_midst_knows_it()
    {
        ParameterStore store = new(new SummingLearner { EpochEndsAt = 14 }, 4, new NumericBufferPool());
        ParameterServerState state = new(Some.Plan(stepsPerEpoch: 1, everySteps: 1), store, incarnation: 5);
        state.Begin(0);
        state.OnTrainEpoch(0);
        state.OnContribution(Some.Push(state.Round, 0, 4, value: 8)).ShouldBe(Decision.Publish);
        state.OnContribution(Some.Push(state.Round, 0, 4, value: 8)).ShouldBe(Decision.Publish);
        (state.Epoch, state.StepInEpoch, state.CheckpointDue).ShouldBe((0, 2L, true));
        Checkpoint checkpoint = new(state.Header(Some.TextHash), Some.Doubles(store.State.Doubles[0]), Some.Doubles(2), null);

        state.OnContribution(Some.Push(state.Round, 0, 4, value: 8)).ShouldBe(Decision.EpochDone);
        (state.Epoch, state.Step, state.LastTally.Examples).ShouldBe((1, 3L, 12L));

        ParameterServerState again = new(Some.Plan(stepsPerEpoch: 1, everySteps: 1), store, incarnation: 6);
        again.Restore(checkpoint, 0);
        again.OnTrainEpoch(0).ShouldBe(Decision.Publish);
        again.OnContribution(Some.Push(again.Round, 0, 4, value: 8)).ShouldBe(Decision.EpochDone);
        (again.Epoch, again.Step, again.LastTally).ShouldBe((1, 3L, state.LastTally));
    }

    [Fact]
    public void An_epoch_ends_after_its_steps_and_says_so_as_often_as_it_is_asked()
    {
        (ParameterServerState state, _) = Fresh();

        TrainOne(state, 0).ShouldBe(Decision.EpochDone);

        (state.Epoch, state.Step, state.StepInEpoch).ShouldBe((1, 3, 0));
        state.LastTally.Examples.ShouldBe(12);
        state.LastTally.Accuracy(classes: true).ShouldBe(6 / 12.0);
        state.OnTrainEpoch(0).ShouldBe(Decision.EpochDone);
        state.Step.ShouldBe(3);
        state.OnTrainEpoch(2).ShouldBe(Decision.Behind);
    }

    [Fact]
    public void The_statistics_of_an_epoch_are_summed_in_the_order_of_its_steps()
    {
        (ParameterServerState state, _) = Fresh();
        double[] values = [0.1, 1e9, 0.3];
        state.OnTrainEpoch(0);

        foreach (double value in values) state.OnContribution(Some.Push(state.Round, 0, 4, value));

        state.LastTally.LossSum.ShouldBe((0.1 * 0.1) + (0.1 * 1e9) + (0.1 * 0.3));
    }

    [Fact]
    public void From_any_step_a_checkpoint_leads_to_the_same_bits_even_twice_in_one_epoch()
    {
        (ParameterServerState whole, ParameterStore wanted) = Fresh();
        for (int epoch = 0; epoch < 3; epoch++) TrainOne(whole, epoch);

        for (int first = 0; first < 9; first++)
            for (int second = first; second < 9; second++)
            {
                (ParameterServerState state, ParameterStore store) = Fresh();
                (state, store) = Interrupted(state, store, first);
                (state, store) = Interrupted(state, store, second);
                for (int epoch = state.Epoch; epoch < 3; epoch++) TrainOne(state, epoch);

                store.State.Doubles[0].ShouldBe(wanted.State.Doubles[0], $"interrupted at steps {first} and {second}");
                store.OptimizerState.Doubles[0].ShouldBe(9);
                state.LastTally.ShouldBe(whole.LastTally);
            }
    }

    [Fact]
    public void An_evaluation_is_gathered_once_and_answered_as_often_as_it_is_asked()
    {
        (ParameterServerState state, _) = Fresh();
        TrainOne(state, 0);

        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 0).ShouldBe(Decision.Publish);
        state.Round.Purpose.ShouldBe(RoundPurpose.EvaluateValidation);
        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 0).ShouldBe(Decision.Wait);
        state.OnContribution(Some.PushEvaluation(state.Round, 0, 2, value: 5)).ShouldBe(Decision.Wait);
        state.OnContribution(Some.PushEvaluation(state.Round, 2, 2, value: 6)).ShouldBe(Decision.SplitMeasured);

        state.Evaluation!.Sums.Doubles.ToArray().ShouldBe([11.0, 4.0]);
        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 0).ShouldBe(Decision.SplitMeasured);
        state.RoundOpen.ShouldBeFalse();
        TrainOne(state, 1).ShouldBe(Decision.EpochDone);
    }

    [Fact]
    public void The_best_state_is_kept_and_restored_and_training_goes_on_from_the_newest()
    {
        (ParameterServerState state, ParameterStore store) = Fresh();
        TrainOne(state, 0);
        double best = store.State.Doubles[0];
        state.OnKeepBest(0).ShouldBe(Decision.BestKept);
        TrainOne(state, 1);
        double newest = store.State.Doubles[0];

        state.OnRestoreBest(0).ShouldBe(Decision.BestRestored);
        state.Shown.Doubles[0].ShouldBe(best);
        state.OnKeepBest(0).ShouldBe(Decision.BestKept);
        state.OnEvaluateSplit(RoundPurpose.EvaluateTest, 0).ShouldBe(Decision.Publish);
        state.OnContribution(Some.PushEvaluation(state.Round, 0, 4));

        state.OnTrainEpoch(2).ShouldBe(Decision.Publish);
        state.Shown.Doubles[0].ShouldBe(newest);
    }

    [Fact]
    public void A_command_about_an_earlier_epoch_goes_back_to_a_checkpoint_before_it()
    {
        (ParameterServerState state, _) = Fresh();
        for (int epoch = 0; epoch < 3; epoch++) TrainOne(state, epoch);

        state.OnTrainEpoch(0).ShouldBe(Decision.Rewind);
        state.RewindStep.ShouldBe(2);
        state.OnKeepBest(1).ShouldBe(Decision.Rewind);
        state.RewindStep.ShouldBe(6);
        state.OnRestoreBest(1).ShouldBe(Decision.Rewind);
        state.OnEvaluateSplit(RoundPurpose.EvaluateTest, 5).ShouldBe(Decision.Behind);
    }

    [Fact]
    public void A_model_is_saved_only_in_a_life_that_has_answered_a_command_with_an_epoch()
    {
        (ParameterServerState state, ParameterStore store) = Fresh();
        TrainOne(state, 0);
        state.MaySaveModel.ShouldBeTrue();

        (ParameterServerState next, _) = Reborn(state, store);
        next.MaySaveModel.ShouldBeFalse();
        next.OnTrainEpoch(0).ShouldBe(Decision.EpochDone);
        next.MaySaveModel.ShouldBeTrue();
        next.OnTrainEpoch(1);
        next.MaySaveModel.ShouldBeFalse();
    }

    [Fact]
    public void Noise_is_accounted_for_before_the_round_that_uses_it_opens()
    {
        (ParameterServerState state, _) = Fresh(Ledger(target: null));

        state.OnTrainEpoch(0).ShouldBe(Decision.Reserve);
        state.RoundOpen.ShouldBeFalse();
        state.ReservationStep.ShouldBeGreaterThan(0);
        state.OnReserved(state.ReservationStep).ShouldBe(Decision.Publish);
        state.Ledger!.Steps.ShouldBe(state.ReservationStep);
    }

    [Fact]
    public void The_budget_ends_training_at_the_same_step_however_often_it_was_interrupted()
    {
        PrivacyLedger open = Ledger(target: null);
        PrivacyLedger ledger = Ledger(target: (open.EpsilonAt(4) + open.EpsilonAt(5)) / 2);
        (ParameterServerState state, ParameterStore store) = Fresh(ledger);
        TrainOne(state, 0).ShouldBe(Decision.EpochDone);
        (state, _) = Reborn(state, store, ledger, reserved: 4);

        TrainOne(state, 1).ShouldBe(Decision.Exhausted);

        state.Step.ShouldBe(4);
        state.Exhausted.ShouldBeTrue();
        state.OnTrainEpoch(1).ShouldBe(Decision.Exhausted);
        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 1).ShouldBe(Decision.Publish);
    }

    [Fact]
    public void A_sum_that_is_not_finite_leaves_the_state_as_it_was()
    {
        (ParameterServerState state, ParameterStore store) = Fresh();
        state.OnTrainEpoch(0);

        DivergedException diverged = Should.Throw<DivergedException>(
            () => state.OnContribution(Some.Push(state.Round, 0, 4, double.NaN)));

        diverged.Step.ShouldBe(0);
        store.State.Doubles[0].ShouldBe(1);
    }

    private static (ParameterServerState, ParameterStore) Fresh(PrivacyLedger? ledger = null)
    {
        ParameterStore store = new(new SummingLearner(), 4, new NumericBufferPool());
        ParameterServerState state = new(Some.Plan(ledger: ledger), store, incarnation: 5);
        state.Begin(0);
        return (state, store);
    }

    /// <summary>A new life from a checkpoint of the old one.</summary>
    private static (ParameterServerState, ParameterStore) Reborn(
        ParameterServerState old, ParameterStore numbers, PrivacyLedger? ledger = null, long reserved = 0)
    {
        MemoryCheckpointStore disk = new();
        disk.Write("run", new Checkpoint(old.Header(Some.TextHash), numbers.State, numbers.OptimizerState, numbers.Best), keep: 1);
        ParameterStore store = new(new SummingLearner(), 4, new NumericBufferPool());
        ParameterServerState state = new(Some.Plan(ledger: ledger), store, incarnation: 6);
        state.Restore(disk.ReadNewest("run", Some.TextHash).Newest!, reserved);
        return (state, store);
    }

    private static (ParameterServerState, ParameterStore) Interrupted(ParameterServerState state, ParameterStore store, long step)
    {
        while (state.Step < step)
            if (state.RoundOpen) TakeStep(state);
            else state.OnTrainEpoch(state.Epoch);
        return Reborn(state, store);
    }

    private static Decision TrainOne(ParameterServerState state, int epoch)
    {
        Decision decision = state.OnTrainEpoch(epoch);
        while (true)
        {
            if (decision == Decision.Reserve) decision = state.OnReserved(state.ReservationStep);
            else if (decision == Decision.Publish) decision = TakeStep(state);
            else return decision;
        }
    }

    private static Decision TakeStep(ParameterServerState state)
    {
        double value = Math.Sin(state.Step + 1);
        state.OnContribution(Some.Push(state.Round, 0, 2, value));
        return state.OnContribution(Some.Push(state.Round, 2, 2, 3 * value));
    }

    private static PrivacyLedger Ledger(double? target) => PrivacyLedger.Open(0.1, 1.0, 1e-5, target);
}

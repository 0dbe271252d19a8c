using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class ParameterServerStateTests
{
    [Fact]
    public void A_step_is_taken_when_the_tree_is_covered_and_the_next_round_opens_at_once()
    {
        (TrainingBench state, ParameterStore store) = Fresh();
        state.OnTrainEpoch(0).ShouldBeOfType<Decision.Publish>();
        RoundId first = state.Round;

        state.OnContribution(Some.Push(first, 0, 2, value: 3)).ShouldBeOfType<Decision.Wait>();
        state.OnContribution(Some.Push(first, 2, 2, value: 4)).ShouldBeOfType<Decision.Publish>();

        state.Step.ShouldBe(1);
        store.State.Doubles[0].ShouldBe(7.5);
        state.Round.ShouldBe(new RoundId(5, first.Ordinal + 1, RoundPurpose.Train, 1, 0));
    }

    [Fact]
    public void A_decision_says_all_that_it_takes_and_no_number_is_needed_for_it()
    {
        SumTree sums = new(4, (left, right) => left.Add(right), _ => { });
        ParameterServerState state = new(Some.Plan(), _ => sums, incarnation: 5);
        StepTally tally = new(0.5, 4, 2, false);
        state.Begin(0);

        state.OnTrainEpoch(0).ShouldBe(new Decision.Publish(new RoundId(5, 0, RoundPurpose.Train, 0, 0), BeginsWindow: false));
        state.OnContribution(Some.Push(state.Round, 0, 4)).ShouldBe(new Decision.Take(new Subtree(0, 4)));
        SumOutcome outcome = sums.Offer(new Subtree(0, 4), Some.Doubles(1));
        state.OnOffered(new WorkerId("a"), new Subtree(0, 4), outcome).ShouldBe(new Decision.TakeStep(new StepContext(0, 0, 3), default, EndsWindow: false));
        state.OnStepped(tally, withinEpoch: false).ShouldBe(new Decision.Publish(new RoundId(5, 1, RoundPurpose.Train, 1, 0), BeginsWindow: false));
        state.OnStepped(tally, withinEpoch: false);
        state.OnStepped(tally, withinEpoch: true).ShouldBeOfType<Decision.Publish>();
        state.OnStepped(tally, withinEpoch: false).ShouldBe(new Decision.EpochDone(0, 4, tally));
        state.OnKeepBest(0).ShouldBe(new Decision.BestKept(0, IsNew: true));
        state.OnKeepBest(0).ShouldBe(new Decision.BestKept(0, IsNew: false));
        state.OnRestoreBest(0).ShouldBe(new Decision.BestRestored(0));
    }

    [Fact]
    public void Duplicates_and_answers_to_older_rounds_change_nothing()
    {
        (TrainingBench state, ParameterStore store) = Fresh();
        state.OnTrainEpoch(0);
        RoundId first = state.Round;
        PushContribution left = Some.Push(first, 0, 2, value: 3);

        state.OnContribution(left);
        state.OnContribution(left).ShouldBeOfType<Decision.Wait>();
        state.OnContribution(Some.Push(first, 0, 1, value: 100)).ShouldBeOfType<Decision.Wait>();
        state.OnContribution(Some.Push(first, 2, 2, value: 4));
        state.OnContribution(left).ShouldBeOfType<Decision.Wait>();
        state.OnContribution(Some.Push(first with { Incarnation = 4 }, 0, 4)).ShouldBeOfType<Decision.Wait>();

        state.Step.ShouldBe(1);
        store.State.Doubles[0].ShouldBe(7.5);
    }

    [Fact]
    public void The_published_state_is_not_overwritten_by_the_next_step()
    {
        (TrainingBench state, _) = Fresh();
        state.OnTrainEpoch(0);
        NumericBuffer published = state.Shown;

        state.OnContribution(Some.Push(state.Round, 0, 4, value: 3));

        published.Doubles[0].ShouldBe(1);
        state.Shown.ShouldNotBeSameAs(published);
    }

    [Fact]
    public void A_contribution_of_another_shape_is_refused_with_the_reason()
    {
        (TrainingBench state, _) = Fresh();
        state.OnTrainEpoch(0);
        PushContribution good = Some.Push(state.Round, 0, 4);

        state.OnContribution(good with { Subtree = new SubtreeId(1, 2) }).ShouldBeOfType<Decision.Wait>();
        state.Last.Failure.ShouldNotBeNull().ShouldContain("aligned");
        state.OnContribution(good with { Sum = good.Sum with { Kind = PayloadKind.Float32 } }).ShouldBeOfType<Decision.Wait>();
        state.Last.Failure.ShouldNotBeNull().ShouldContain("Float64");
        state.OnContribution(good with { Sum = new TensorPayload(PayloadKind.Float64, new byte[8]) }).ShouldBeOfType<Decision.Wait>();
        state.Last.Failure.ShouldNotBeNull();

        state.OnContribution(good).ShouldBeOfType<Decision.Publish>();
    }

    // state ← state / 2 + 8, from 1: 8.5, 12.25, 14.1
    [Fact]
    public void An_epoch_goes_on_as_long_as_the_learner_says_so_and_a_checkpoint_in_its_midst_knows_it()
    {
        ParameterStore store = new(new SummingLearner { EpochEndsAt = 14 }, 4, new NumericBufferPool());
        TrainingBench state = new(Some.Plan(stepsPerEpoch: 1, everySteps: 1), store, incarnation: 5);
        state.Begin(0);
        state.OnTrainEpoch(0);
        state.OnContribution(Some.Push(state.Round, 0, 4, value: 8)).ShouldBeOfType<Decision.Publish>();
        state.OnContribution(Some.Push(state.Round, 0, 4, value: 8)).ShouldBeOfType<Decision.Publish>();
        (state.Epoch, state.StepInEpoch, state.State.CheckpointDue).ShouldBe((0, 2L, true));
        Checkpoint checkpoint = new(state.Header(Some.TextHash), Some.Doubles(store.State.Doubles[0]), Some.Doubles(2), null);

        state.OnContribution(Some.Push(state.Round, 0, 4, value: 8)).ShouldBeOfType<Decision.EpochDone>();
        (state.Epoch, state.Step, state.LastTally.Examples).ShouldBe((1, 3L, 12L));

        TrainingBench again = new(Some.Plan(stepsPerEpoch: 1, everySteps: 1), store, incarnation: 6);
        again.Restore(checkpoint, 0);
        again.OnTrainEpoch(0).ShouldBeOfType<Decision.Publish>();
        again.OnContribution(Some.Push(again.Round, 0, 4, value: 8)).ShouldBeOfType<Decision.EpochDone>();
        (again.Epoch, again.Step, again.LastTally).ShouldBe((1, 3L, state.LastTally));
    }

    [Fact]
    public void An_epoch_ends_after_its_steps_and_says_so_as_often_as_it_is_asked()
    {
        (TrainingBench state, _) = Fresh();

        TrainOne(state, 0).ShouldBeOfType<Decision.EpochDone>();

        (state.Epoch, state.Step, state.StepInEpoch).ShouldBe((1, 3, 0));
        state.LastTally.Examples.ShouldBe(12);
        state.LastTally.Accuracy(classes: true).ShouldBe(6 / 12.0);
        state.OnTrainEpoch(0).ShouldBeOfType<Decision.EpochDone>();
        state.Step.ShouldBe(3);
        state.OnTrainEpoch(2).ShouldBeOfType<Decision.Behind>();
    }

    [Fact]
    public void The_statistics_of_an_epoch_are_summed_in_the_order_of_its_steps()
    {
        (TrainingBench state, _) = Fresh();
        double[] values = [0.1, 1e9, 0.3];
        state.OnTrainEpoch(0);

        foreach (double value in values) state.OnContribution(Some.Push(state.Round, 0, 4, value));

        state.LastTally.LossSum.ShouldBe((0.1 * 0.1) + (0.1 * 1e9) + (0.1 * 0.3));
    }

    [Fact]
    public void From_any_step_a_checkpoint_leads_to_the_same_bits_even_twice_in_one_epoch()
    {
        (TrainingBench whole, ParameterStore wanted) = Fresh();
        for (int epoch = 0; epoch < 3; epoch++) TrainOne(whole, epoch);

        for (int first = 0; first < 9; first++)
            for (int second = first; second < 9; second++)
            {
                (TrainingBench state, ParameterStore store) = Fresh();
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
        (TrainingBench state, _) = Fresh();
        TrainOne(state, 0);

        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 0).ShouldBeOfType<Decision.Publish>();
        state.Round.Purpose.ShouldBe(RoundPurpose.EvaluateValidation);
        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 0).ShouldBeOfType<Decision.Wait>();
        state.OnContribution(Some.PushEvaluation(state.Round, 0, 2, value: 5)).ShouldBeOfType<Decision.Wait>();
        SplitEvaluated measured = state.OnContribution(Some.PushEvaluation(state.Round, 2, 2, value: 6)).ShouldBeOfType<Decision.SplitMeasured>().Evaluation;

        measured.Sums.Doubles.ToArray().ShouldBe([11.0, 4.0]);
        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 0).ShouldBe(new Decision.SplitMeasured(measured));
        state.RoundOpen.ShouldBeFalse();
        TrainOne(state, 1).ShouldBeOfType<Decision.EpochDone>();
    }

    [Fact]
    public void The_best_state_is_kept_and_restored_and_training_goes_on_from_the_newest()
    {
        (TrainingBench state, ParameterStore store) = Fresh();
        TrainOne(state, 0);
        double best = store.State.Doubles[0];
        state.OnKeepBest(0).ShouldBeOfType<Decision.BestKept>();
        TrainOne(state, 1);
        double newest = store.State.Doubles[0];

        state.OnRestoreBest(0).ShouldBeOfType<Decision.BestRestored>();
        state.Shown.Doubles[0].ShouldBe(best);
        state.OnKeepBest(0).ShouldBeOfType<Decision.BestKept>();
        state.OnEvaluateSplit(RoundPurpose.EvaluateTest, 0).ShouldBeOfType<Decision.Publish>();
        state.OnContribution(Some.PushEvaluation(state.Round, 0, 4));

        state.OnTrainEpoch(2).ShouldBeOfType<Decision.Publish>();
        state.Shown.Doubles[0].ShouldBe(newest);
    }

    [Fact]
    public void A_command_about_an_earlier_epoch_goes_back_to_a_checkpoint_before_it()
    {
        (TrainingBench state, _) = Fresh();
        for (int epoch = 0; epoch < 3; epoch++) TrainOne(state, epoch);

        state.OnTrainEpoch(0).ShouldBe(new Decision.Rewind(2));
        state.OnKeepBest(1).ShouldBe(new Decision.Rewind(6));
        state.OnRestoreBest(1).ShouldBeOfType<Decision.Rewind>();
        state.OnEvaluateSplit(RoundPurpose.EvaluateTest, 5).ShouldBeOfType<Decision.Behind>();
    }

    [Fact]
    public void A_model_is_saved_only_in_a_life_that_has_answered_a_command_with_an_epoch()
    {
        (TrainingBench state, ParameterStore store) = Fresh();
        TrainOne(state, 0);
        state.State.MaySaveModel.ShouldBeTrue();

        (TrainingBench next, _) = Reborn(state, store);
        next.State.MaySaveModel.ShouldBeFalse();
        next.OnTrainEpoch(0).ShouldBeOfType<Decision.EpochDone>();
        next.State.MaySaveModel.ShouldBeTrue();
        next.OnTrainEpoch(1);
        next.State.MaySaveModel.ShouldBeFalse();
    }

    [Fact]
    public void Noise_is_accounted_for_before_the_round_that_uses_it_opens()
    {
        (TrainingBench state, _) = Fresh(Ledger(target: null));

        long reserved = state.OnTrainEpoch(0).ShouldBeOfType<Decision.Reserve>().Steps;
        state.RoundOpen.ShouldBeFalse();
        reserved.ShouldBeGreaterThan(0);
        state.OnReserved(reserved).ShouldBeOfType<Decision.Publish>();
        state.State.Ledger!.Steps.ShouldBe(reserved);
    }

    [Fact]
    public void The_budget_ends_training_at_the_same_step_however_often_it_was_interrupted()
    {
        PrivacyLedger open = Ledger(target: null);
        PrivacyLedger ledger = Ledger(target: (open.EpsilonAt(4) + open.EpsilonAt(5)) / 2);
        (TrainingBench state, ParameterStore store) = Fresh(ledger);
        TrainOne(state, 0).ShouldBeOfType<Decision.EpochDone>();
        (state, _) = Reborn(state, store, ledger, reserved: 4);

        TrainOne(state, 1).ShouldBeOfType<Decision.Exhausted>();

        state.Step.ShouldBe(4);
        state.State.Exhausted.ShouldBeTrue();
        state.OnTrainEpoch(1).ShouldBeOfType<Decision.Exhausted>();
        state.OnEvaluateSplit(RoundPurpose.EvaluateValidation, 1).ShouldBeOfType<Decision.Publish>();
    }

    [Fact]
    public void A_sum_that_is_not_finite_leaves_the_state_as_it_was()
    {
        (TrainingBench state, ParameterStore store) = Fresh();
        state.OnTrainEpoch(0);

        DivergedException diverged = Should.Throw<DivergedException>(
            () => state.OnContribution(Some.Push(state.Round, 0, 4, double.NaN)));

        diverged.Step.ShouldBe(0);
        store.State.Doubles[0].ShouldBe(1);
    }

    private static (TrainingBench, ParameterStore) Fresh(PrivacyLedger? ledger = null)
    {
        ParameterStore store = new(new SummingLearner(), 4, new NumericBufferPool());
        TrainingBench state = new(Some.Plan(ledger: ledger), store, incarnation: 5);
        state.Begin(0);
        return (state, store);
    }

    /// <summary>A new life from a checkpoint of the old one.</summary>
    private static (TrainingBench, ParameterStore) Reborn(
        TrainingBench old, ParameterStore numbers, PrivacyLedger? ledger = null, long reserved = 0)
    {
        MemoryCheckpointStore disk = new();
        disk.Write("run", new Checkpoint(old.Header(Some.TextHash), numbers.State, numbers.OptimizerState, numbers.Best), keep: 1);
        ParameterStore store = new(new SummingLearner(), 4, new NumericBufferPool());
        TrainingBench state = new(Some.Plan(ledger: ledger), store, incarnation: 6);
        state.Restore(disk.ReadNewest("run", Some.TextHash).Newest!, reserved);
        return (state, store);
    }

    private static (TrainingBench, ParameterStore) Interrupted(TrainingBench state, ParameterStore store, long step)
    {
        while (state.Step < step)
            if (state.RoundOpen) TakeStep(state);
            else state.OnTrainEpoch(state.Epoch);
        return Reborn(state, store);
    }

    private static Decision TrainOne(TrainingBench state, int epoch)
    {
        Decision decision = state.OnTrainEpoch(epoch);
        while (true)
        {
            if (decision is Decision.Reserve reserve) decision = state.OnReserved(reserve.Steps);
            else if (decision is Decision.Publish) decision = TakeStep(state);
            else return decision;
        }
    }

    private static Decision TakeStep(TrainingBench state)
    {
        double value = Math.Sin(state.Step + 1);
        state.OnContribution(Some.Push(state.Round, 0, 2, value));
        return state.OnContribution(Some.Push(state.Round, 2, 2, 3 * value));
    }

    private static PrivacyLedger Ledger(double? target) => PrivacyLedger.Open(0.1, 1.0, 1e-5, target);
}

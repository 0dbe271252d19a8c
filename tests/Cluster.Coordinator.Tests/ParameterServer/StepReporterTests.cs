using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class StepReporterTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Nothing_new_is_no_report()
    {
        (TrainingBench state, StepReporter reporter) = Fresh();

        reporter.Report(state.State, 1, s_start).ShouldNotBeNull().Steps.ShouldBe(15);
        reporter.Report(state.State, 1, s_start).ShouldBeNull();
        reporter.Report(state.State, 2, s_start).ShouldNotBeNull().Workers.ShouldBe(2);
    }

    [Fact]
    public void Examples_a_second_are_counted_across_the_end_of_an_epoch()
    {
        (TrainingBench state, StepReporter reporter) = Fresh();
        Train(state, 2);
        reporter.Report(state.State, 1, s_start);

        Train(state, 2);
        StepsProgressed report = reporter.Report(state.State, 1, s_start.AddSeconds(2)).ShouldNotBeNull();

        report.Step.ShouldBe(4);
        report.Epoch.ShouldBe(1);
        report.ExamplesPerSecond.ShouldBe(4);
    }

    // state ← state / 2 + 8, from 1, until it is at least 14: three steps, where the plan knows of one an epoch.
    [Fact]
    public void Epochs_whose_length_the_learner_decides_are_taken_for_as_long_as_those_so_far()
    {
        TrainingBench state = new(
            Some.Plan(stepsPerEpoch: 1), new ParameterStore(new SummingLearner { EpochEndsAt = 14 }, 4, new NumericBufferPool()), incarnation: 1);
        StepReporter reporter = new(Some.Plan(stepsPerEpoch: 1));
        state.Begin(0);
        reporter.Report(state.State, 1, s_start).ShouldNotBeNull().Steps.ShouldBe(5);

        state.OnTrainEpoch(0);
        for (int step = 0; step < 3; step++) state.OnContribution(Some.Push(state.Round, 0, 4, value: 8));

        reporter.Report(state.State, 1, s_start).ShouldNotBeNull().Steps.ShouldBe(15);
    }

    private static (TrainingBench, StepReporter) Fresh()
    {
        TrainingBench state = new(
            Some.Plan(), new ParameterStore(new SummingLearner(), 4, new NumericBufferPool()), incarnation: 1);
        state.Begin(0);
        return (state, new StepReporter(Some.Plan()));
    }

    /// <summary>Steps of four examples each.</summary>
    private static void Train(TrainingBench state, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            if (!state.RoundOpen) state.OnTrainEpoch(state.Epoch);
            state.OnContribution(Some.Push(state.Round, 0, 4));
        }
    }
}

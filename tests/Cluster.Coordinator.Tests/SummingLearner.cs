using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests;

/// <summary>The smallest learner whose state depends on every step: state ← 0.5 · state + sum, optimizerState counts the steps.</summary>
internal sealed class SummingLearner : ILearner
{
    public NumberKind Numbers => NumberKind.Float64;

    public int StateLength => 1;

    public int OptimizerStateLength => 1;

    public int ContributionLength => 1 + StepStatistics.Length;

    public int EvaluationLength => 2;

    public bool FullBatch => false;

    /// <summary>An epoch ends only with a state of at least so much.</summary>
    public double EpochEndsAt { get; init; } = double.NegativeInfinity;

    public bool IsWithinEpoch(NumericBuffer state) => state.Doubles[0] < EpochEndsAt;

    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Doubles[0] = 1;
        optimizerState.Doubles[0] = 0;
    }

    public IContributor CreateContributor() => throw new NotSupportedException("These tests make contributions themselves.");

    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        if (!double.IsFinite(sum.Doubles[0])) throw new DivergedException(step.Step, "sum", "NaN");
        state.Doubles[0] = (0.5 * state.Doubles[0]) + sum.Doubles[0];
        optimizerState.Doubles[0]++;
        return new UpdateOutcome(false, sum.Doubles[1] / sum.Doubles[2], (long)sum.Doubles[2]);
    }

    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => new([new("rmse", evaluationSums[0])]);

    public ModelSummary Summarize(NumericBuffer state) => new("sum", [], [], []);
}

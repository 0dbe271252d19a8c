using System.Numerics.Tensors;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>Takes the local steps of one micro-batch after another; what each adds is how far it went.</summary>
/// <remarks>Cost  a private state, optimizer state and gradient, kept for the next step</remarks>
internal sealed class LocalSgdContributor(LocalSgdLearner learner) : LeafContributor(learner)
{
    private readonly IContributor _inner = learner.Inner.CreateContributor();
    private readonly NumericBuffer _state = new(learner.Numbers, learner.StateLength);
    private readonly NumericBuffer _optimizerState = new(learner.Numbers, learner.Inner.OptimizerStateLength);
    private readonly NumericBuffer _gradient = new(learner.Numbers, learner.Inner.ContributionLength);

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums) => _inner.Evaluate(state, rows, sums);

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
        _inner.Predict(state, rows, predictions, scores);

    // Local steps are numbered as if every step of training were an ordinary one, so that randomness about a step is never drawn twice.
    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        if (leaf.Count == 0) return;
        _state.CopyFrom(state);
        _optimizerState.Clear();
        Span<float> statistics = contribution.Floats[^StepStatistics.Length..];
        for (int local = 0; local * learner.Batch < leaf.Count; local++)
        {
            int start = local * learner.Batch;
            MicroBatch part = leaf with { Positions = leaf.Positions.Slice(start, Math.Min(learner.Batch, leaf.Count - start)) };
            StepContext context = new((step.Step * learner.Steps) + local, step.Epoch, step.StepsPerEpoch * learner.Steps);
            _inner.Contribute(_state, new ReadOnlySpan<MicroBatch>(in part), _gradient, context);
            TensorPrimitives.Add(statistics, _gradient.Floats[^StepStatistics.Length..], statistics);
            learner.Inner.Update(_state, _optimizerState, _gradient, context);
        }
        TensorPrimitives.Subtract(_state.Floats, state.Floats, contribution.Floats[..learner.StateLength]);
        contribution.Floats[learner.StateLength] = 1;
    }
}

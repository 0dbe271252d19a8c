using System.Numerics.Tensors;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>Takes the local steps of one micro-batch after another and combines how far each went in the order of the fixed tree.</summary>
/// <remarks>Cost  a state, a memory and a gradient of its own, and one contribution a level of the largest subtree seen</remarks>
internal sealed class LocalSgdContributor(LocalSgdLearner learner) : IContributor
{
    private readonly IContributor _inner = learner.Inner.CreateContributor();
    private readonly NumericBuffer _state = new(learner.Numbers, learner.StateLength);
    private readonly NumericBuffer _memory = new(learner.Numbers, learner.Inner.MemoryLength);
    private readonly NumericBuffer _gradient = new(learner.Numbers, learner.Inner.ContributionLength);
    private readonly List<NumericBuffer> _rightOf = [];     // one a level: what the right half of a subtree adds
    private readonly MicroBatch[] _part = new MicroBatch[1];

    public void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step) =>
        Sum(state, subtree, contribution, step, 0);

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums) => _inner.Evaluate(state, rows, sums);

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
        _inner.Predict(state, rows, predictions, scores);

    private void Sum(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step, int level)
    {
        if (subtree.Length == 1)
        {
            Go(state, subtree[0], contribution, step);
            return;
        }
        if (_rightOf.Count == level) _rightOf.Add(new NumericBuffer(learner.Numbers, learner.ContributionLength));
        int half = subtree.Length / 2;
        Sum(state, subtree[..half], contribution, step, level + 1);
        Sum(state, subtree[half..], _rightOf[level], step, level + 1);
        contribution.Add(_rightOf[level]);
    }

    // Local steps are numbered as if every step of training were an ordinary one, so that chance about a step is never drawn twice.
    private void Go(NumericBuffer state, MicroBatch all, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        if (all.Count == 0) return;
        _state.CopyFrom(state);
        _memory.Clear();
        Span<float> statistics = contribution.Floats[^StepStatistics.Length..];
        for (int local = 0; local * learner.Batch < all.Count; local++)
        {
            int start = local * learner.Batch;
            _part[0] = all with { Positions = all.Positions.Slice(start, Math.Min(learner.Batch, all.Count - start)) };
            StepContext context = new((step.Step * learner.Steps) + local, step.Epoch, step.StepsPerEpoch * learner.Steps);
            _inner.Contribute(_state, _part, _gradient, context);
            TensorPrimitives.Add(statistics, _gradient.Floats[^StepStatistics.Length..], statistics);
            learner.Inner.Update(_state, _memory, _gradient, context);
        }
        TensorPrimitives.Subtract(_state.Floats, state.Floats, contribution.Floats[..learner.StateLength]);
        contribution.Floats[learner.StateLength] = 1;
    }
}

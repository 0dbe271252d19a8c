using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning.Compression;

/// <summary>Packs the contribution of one micro-batch after another and combines them in the order of the fixed tree.</summary>
/// <remarks>Cost  one contribution in full, and a packed one a level of the largest subtree seen, kept for the next step</remarks>
internal sealed class CompressedContributor(CompressedLearner learner) : IContributor
{
    private readonly IContributor _inner = learner.Inner.CreateContributor();
    private readonly NumericBuffer _numbers = new(learner.Numbers, learner.Inner.ContributionLength);
    private readonly List<NumericBuffer> _rightOf = [];     // one a level: what the right half of a subtree adds

    public void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step) =>
        Sum(state, subtree, contribution, step, 0);

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums) => _inner.Evaluate(state, rows, sums);

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
        _inner.Predict(state, rows, predictions, scores);

    private void Sum(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step, int level)
    {
        if (subtree.Length == 1)
        {
            _inner.Contribute(state, subtree, _numbers, step);
            learner.Packing.Pack(_numbers.Floats, step.Step, subtree[0].Shard.Index, contribution.Floats);
            return;
        }
        if (_rightOf.Count == level) _rightOf.Add(new NumericBuffer(learner.Numbers, learner.ContributionLength));
        int half = subtree.Length / 2;
        Sum(state, subtree[..half], contribution, step, level + 1);
        Sum(state, subtree[half..], _rightOf[level], step, level + 1);
        learner.Combine(contribution, _rightOf[level]);
    }
}

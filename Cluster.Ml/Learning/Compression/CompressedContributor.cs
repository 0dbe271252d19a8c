using System.Numerics.Tensors;
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
            if (learner.Feedback is { } feedback && !feedback.Ends(step)) Carry(state, subtree, contribution, step, feedback.Begins(step));
            else Pack(state, subtree, contribution, step);
            return;
        }
        if (_rightOf.Count == level) _rightOf.Add(new NumericBuffer(learner.Numbers, learner.ContributionLength));
        int half = subtree.Length / 2;
        Sum(state, subtree[..half], contribution, step, level + 1);
        Sum(state, subtree[half..], _rightOf[level], step, level + 1);
        learner.Combine(contribution, _rightOf[level]);
    }

    private void Pack(NumericBuffer state, ReadOnlySpan<MicroBatch> leaf, NumericBuffer contribution, in StepContext step)
    {
        _inner.Contribute(state, leaf, _numbers, step);
        bool carried = learner.Feedback is { } feedback && !feedback.Begins(step);
        if (carried) Add(ResidualOf(leaf[0]).Of(step.Step), _numbers);
        learner.Packing.Pack(_numbers.Floats, step.Step, leaf[0].Shard.Index, whole: learner.Feedback is not null, contribution.Floats);
    }

    // The gradient is written to where what is left out of it will be.
    private void Carry(NumericBuffer state, ReadOnlySpan<MicroBatch> leaf, NumericBuffer contribution, in StepContext step, bool begins)
    {
        Residual residual = ResidualOf(leaf[0]);
        NumericBuffer numbers = residual.Begin(step.Step);
        _inner.Contribute(state, leaf, numbers, step);
        if (!begins) Add(residual.Of(step.Step), numbers);
        learner.Packing.Pack(numbers.Floats, step.Step, leaf[0].Shard.Index, whole: false, contribution.Floats);
        residual.End(step.Step);
    }

    private void Add(NumericBuffer residual, NumericBuffer numbers)
    {
        Span<float> sum = numbers.Floats[..^learner.Inner.ExactLength];
        TensorPrimitives.Add(sum, residual.Floats[..sum.Length], sum);
    }

    private static Residual ResidualOf(MicroBatch leaf) => leaf.Residual
        ?? throw new ArgumentException($"CompressedContributor: wanted a residual with micro-batch {leaf.Shard.Index}, got none.", nameof(leaf));
}

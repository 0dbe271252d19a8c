using System.Numerics.Tensors;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Compression;

/// <summary>Packs the contribution of one micro-batch after another.</summary>
/// <remarks>Cost  one contribution in full beside the packed ones, kept for the next step</remarks>
internal sealed class CompressedContributor(CompressedLearner learner) : LeafContributor(learner)
{
    private readonly IContributor _inner = learner.Inner.CreateContributor();
    private readonly NumericBuffer _numbers = new(learner.Numbers, learner.Inner.ContributionLength);

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums) => _inner.Evaluate(state, rows, sums);

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
        _inner.Predict(state, rows, predictions, scores);

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        if (learner.Feedback is { } feedback && !feedback.Ends(step)) Carry(state, leaf, contribution, step, feedback.Begins(step));
        else Pack(state, leaf, contribution, step);
    }

    private void Pack(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        _inner.Contribute(state, new ReadOnlySpan<MicroBatch>(in leaf), _numbers, step);
        bool carried = learner.Feedback is { } feedback && !feedback.Begins(step);
        if (carried) Add(ResidualOf(leaf).Of(step.Step), _numbers);
        learner.Packing.Pack(_numbers.Floats, step.Step, leaf.Shard.Index, whole: learner.Feedback is not null, contribution.Floats);
    }

    // The gradient is written to the buffer of the residual, which keeps what packing leaves out.
    private void Carry(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step, bool begins)
    {
        Residual residual = ResidualOf(leaf);
        NumericBuffer numbers = residual.Begin(step.Step);
        _inner.Contribute(state, new ReadOnlySpan<MicroBatch>(in leaf), numbers, step);
        if (!begins) Add(residual.Of(step.Step), numbers);
        learner.Packing.Pack(numbers.Floats, step.Step, leaf.Shard.Index, whole: false, contribution.Floats);
        residual.End(step.Step);
    }

    private void Add(NumericBuffer residual, NumericBuffer numbers)
    {
        Span<float> sum = numbers.Floats[..^learner.Inner.ExactLength];
        TensorPrimitives.Add(sum, residual.Floats[..sum.Length], sum);
    }

    private static Residual ResidualOf(in MicroBatch leaf) => leaf.Residual
        ?? throw new ArgumentException($"CompressedContributor: wanted a residual with micro-batch {leaf.Shard.Index}, got none.", nameof(leaf));
}

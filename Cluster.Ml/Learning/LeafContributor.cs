using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>Computes the contribution of one micro-batch at a time and combines them in the order of the fixed tree.</summary>
/// <remarks>Cost  one buffer a level of the largest subtree seen, kept for the next step</remarks>
/// <param name="learner">Whose contributions they are.</param>
public abstract class LeafContributor(ILearner learner) : IContributor
{
    private readonly List<NumericBuffer> _rightOf = [];     // one a level: what the right half of a subtree adds

    /// <inheritdoc/>
    public virtual void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step)
    {
        Prepare(state);
        Sum(state, subtree, contribution, step, 0);
    }

    /// <inheritdoc/>
    public abstract void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums);

    /// <inheritdoc/>
    public abstract void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores);

    /// <summary>Arranges the state for the leaves of one step.</summary>
    protected virtual void Prepare(NumericBuffer state)
    {
    }

    /// <summary>Writes what one micro-batch adds; it may have no rows.</summary>
    /// <param name="state">The published state.</param>
    /// <param name="leaf">The rows.</param>
    /// <param name="contribution">Overwritten.</param>
    /// <param name="step">Which step this is.</param>
    protected abstract void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step);

    private void Sum(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step, int level)
    {
        if (subtree.Length == 1)
        {
            ContributeLeaf(state, subtree[0], contribution, step);
            return;
        }
        if (_rightOf.Count == level) _rightOf.Add(new NumericBuffer(learner.Numbers, learner.ContributionLength));
        int half = subtree.Length / 2;
        Sum(state, subtree[..half], contribution, step, level + 1);
        Sum(state, subtree[half..], _rightOf[level], step, level + 1);
        learner.Combine(contribution, _rightOf[level]);
    }
}

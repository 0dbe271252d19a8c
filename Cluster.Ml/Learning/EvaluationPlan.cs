using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>
/// How a split is measured: cut into one contiguous part a micro-batch, each summed in row order, the sums added in the
/// order of the <see cref="SumTree"/>. Workers and the sequential trainer both measure so, hence get the same bits.
/// </summary>
/// <remarks>
/// Equation  part i of M holds rows ⌊i·n/M⌋ … ⌊(i+1)·n/M⌋ − 1;  S(first, 2c) = S(first, c) + S(first + c, c)
/// Shapes    sums [ILearner.EvaluationLength] doubles
/// Range     parts is a power of two; a part may be empty
/// </remarks>
public static class EvaluationPlan
{
    /// <summary>The rows of one part.</summary>
    /// <param name="split">All rows of the split.</param>
    /// <param name="part">Which part, 0 … parts − 1; the index of the micro-batch.</param>
    /// <param name="parts">How many parts: the job's micro-batches.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public static RowRange Part(RowRange split, int part, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, parts);
        int first = (int)((long)part * split.Count / parts), end = (int)((part + 1L) * split.Count / parts);
        return split with { Order = split.Order[first..end] };
    }

    /// <summary>The combined sums of an aligned subtree of parts.</summary>
    /// <param name="learner">Gives the length of the sums.</param>
    /// <param name="contributor">Measures rows; one per thread.</param>
    /// <param name="state">The published state, read only.</param>
    /// <param name="split">All rows of the split.</param>
    /// <param name="subtree">Which parts.</param>
    /// <param name="parts">How many parts the split has.</param>
    /// <param name="sums">[EvaluationLength] doubles, overwritten.</param>
    /// <exception cref="ArgumentException">The subtree is not aligned, or the sums have another shape.</exception>
    public static void Measure(
        ILearner learner, IContributor contributor, NumericBuffer state, RowRange split, Subtree subtree, int parts, NumericBuffer sums)
    {
        if (!subtree.IsAligned(parts))
            throw new ArgumentException($"EvaluationPlan: wanted an aligned subtree of {parts} parts, got {subtree}.", nameof(subtree));
        if (sums.Kind != NumberKind.Float64 || sums.Length != learner.EvaluationLength)
            throw new ArgumentException(
                $"EvaluationPlan: wanted Float64[{learner.EvaluationLength}], got {sums.Kind}[{sums.Length}].", nameof(sums));
        if (subtree.Count == 1)
        {
            sums.Clear();
            contributor.Evaluate(state, Part(split, subtree.First, parts), sums.Doubles);
            return;
        }
        int half = subtree.Count / 2;
        NumericBuffer right = new(NumberKind.Float64, learner.EvaluationLength);
        Measure(learner, contributor, state, split, new Subtree(subtree.First, half), parts, sums);
        Measure(learner, contributor, state, split, new Subtree(subtree.First + half, half), parts, right);
        Combine(sums, right);
    }

    /// <summary>Adds the sums of the right-hand subtree to those of the left-hand one: the SumTree's combine.</summary>
    public static void Combine(NumericBuffer left, NumericBuffer right) => left.Add(right);

    /// <summary>The figures of a whole split, on the calling thread.</summary>
    public static Metrics Measure(ILearner learner, IContributor contributor, NumericBuffer state, RowRange split, int parts)
    {
        if (split.Count == 0) return Metrics.None;
        NumericBuffer sums = new(NumberKind.Float64, learner.EvaluationLength);
        Measure(learner, contributor, state, split, new Subtree(0, parts), parts, sums);
        return learner.Measure(sums.Doubles);
    }
}

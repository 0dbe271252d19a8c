using System.Buffers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning.Ranges;

/// <summary>The update of a learner whose numbers are all in one place, as the same steps.</summary>
internal static class WholeUpdate
{
    /// <summary>Changes the whole state by the combined contribution.</summary>
    /// <exception cref="ArgumentException">A buffer is of another kind or length.</exception>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    public static UpdateOutcome Apply(IRangedLearner learner, ParameterRange whole, in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        Require(learner, buffers.Before, learner.StateLength, "state");
        Require(learner, buffers.After, learner.StateLength, "new state");
        Require(learner, buffers.OptimizerState, learner.OptimizerStateLength, "optimizerState");
        Require(learner, buffers.Sum, learner.ContributionLength, "sum");
        if (buffers.Rest is { } rest) Require(learner, rest, learner.ContributionLength, "rest of the sum");
        int count = learner.SquaresLength(whole, step), ranged = learner.RangedLength;
        UpdateBuffers left = count > 0 ? buffers with { Rest = null } : buffers;      // a norm is of the complete sum
        int first = count > 0 ? 0 : ranged;
        buffers.AddRest(first, buffers.Sum.Length - first);
        ReadOnlySpan<float> sum = buffers.Sum.Floats;
        float[] squares = ArrayPool<float>.Shared.Rent(count);
        try
        {
            learner.Square(whole, sum[..ranged], step, squares.AsSpan(0, count));
            RangedStep decided = learner.Decide(sum[ranged..], squares.AsSpan(0, count), step);
            learner.UpdateRange(whole, left, decided.Scale, step, runner);
            return decided.Outcome;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(squares);
        }
    }

    private static void Require(ILearner learner, NumericBuffer buffer, int length, string name)
    {
        if (buffer.Kind != NumberKind.Float32 || buffer.Length != length)
            throw new ArgumentException($"{learner.GetType().Name}: {name}: wanted Float32[{length}], got {buffer.Kind}[{buffer.Length}].", nameof(buffer));
    }
}

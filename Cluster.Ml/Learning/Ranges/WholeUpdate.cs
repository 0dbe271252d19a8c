using System.Buffers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning.Ranges;

/// <summary>The update of a learner whose numbers are all in one place, as the same steps.</summary>
internal static class WholeUpdate
{
    /// <summary>Changes the whole state by the combined contribution.</summary>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    public static UpdateOutcome Apply(
        IRangedLearner learner, ParameterRange whole, NumericBuffer state, NumericBuffer memory, NumericBuffer sum, in StepContext step)
    {
        ReadOnlySpan<float> ranged = sum.Floats[..learner.RangedLength];
        int count = learner.SquaresLength(whole, step);
        float[] squares = ArrayPool<float>.Shared.Rent(count);
        try
        {
            learner.Square(whole, ranged, step, squares.AsSpan(0, count));
            RangedStep decided = learner.Decide(sum.Floats[learner.RangedLength..], squares.AsSpan(0, count), step);
            learner.UpdateRange(whole, state.Floats, memory.Floats, ranged, decided.Scale, step);
            return decided.Outcome;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(squares);
        }
    }
}

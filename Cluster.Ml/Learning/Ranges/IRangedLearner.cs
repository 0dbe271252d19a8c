using System.Buffers;

namespace Cluster.Ml.Learning.Ranges;

/// <summary>
/// A learner whose update treats each parameter alone but for one factor: its numbers can be cut into ranges that several
/// servers keep, and however they are cut every bit is that of <see cref="ILearner.Update(in UpdateBuffers, in StepContext, IPartRunner)"/>.
/// </summary>
/// <remarks>
/// Equation  scale = Decide(common part of the sum, squares of range 0, of range 1, …);
///           stateᵣ, optimizerStateᵣ ← UpdateRange(stateᵣ, optimizerStateᵣ, part r of the sum, scale),  for every range r
/// Shapes    a contribution: numbers that belong to parameters [RangedLength], then what is common: the statistics are its last
/// Range     numbers are single precision, and Combine is addition. Every method is a pure function of its arguments
/// Source    Li et al., "Scaling Distributed Machine Learning with the Parameter Server", OSDI 2014, § 3: keys in ranges
/// Differs   from the paper in that a step waits for all ranges, so that the model does not depend on how many there are
/// </remarks>
public interface IRangedLearner : ILearner
{
    /// <summary>How many numbers at the start of a contribution belong to parameters, in the order of the ranges.</summary>
    int RangedLength { get; }

    /// <summary>How many numbers of a contribution belong to no range.</summary>
    int CommonLength => ContributionLength - RangedLength;

    /// <summary>The whole model as one range.</summary>
    ParameterRange Whole { get; }

    /// <summary>Cuts the model into at most so many ranges; fewer if it is too small for as many.</summary>
    IReadOnlyList<ParameterRange> Cut(int servers);

    /// <summary>How many sums of squares <see cref="Square"/> writes at this step; 0 if the step's scale needs none.</summary>
    int SquaresLength(ParameterRange range, in StepContext step);

    /// <summary>Writes the sums of squares that a range adds to the norm of the whole: one for each cell, whose borders do not depend on the cut.</summary>
    /// <param name="range">Which range.</param>
    /// <param name="sum">Its numbers of the combined contribution.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="squares">[SquaresLength], overwritten.</param>
    void Square(ParameterRange range, ReadOnlySpan<float> sum, in StepContext step, Span<float> squares);

    /// <summary>What concerns the whole model: the factor that every range multiplies its sum by, and what the step says.</summary>
    /// <param name="common">The common part of the combined contribution.</param>
    /// <param name="squares">Those of all ranges, one after another.</param>
    /// <param name="step">Which step this is.</param>
    /// <exception cref="DivergedException">The loss or the norm is not finite.</exception>
    RangedStep Decide(ReadOnlySpan<float> common, ReadOnlySpan<float> squares, in StepContext step);

    /// <summary>Changes one range of the state and its optimizer state.</summary>
    /// <param name="range">Which range.</param>
    /// <param name="buffers">State [range.State.Length], optimizerState [range.OptimizerStateLength], and its numbers of the combined contribution or of its halves, after which others may follow.</param>
    /// <param name="scale">Of <see cref="Decide"/>; null if the sum came of no example.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="runner">Runs parts of it; the same bits however it does.</param>
    /// <exception cref="DivergedException">A new number is not finite.</exception>
    void UpdateRange(ParameterRange range, in UpdateBuffers buffers, double? scale, in StepContext step, IPartRunner runner);

    /// <summary>What the servers of all ranges do together, by one: squares, factor, new numbers.</summary>
    /// <exception cref="ArgumentException">A buffer is of another kind or length.</exception>
    UpdateOutcome ILearner.Update(in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        string name = GetType().Name;
        buffers.Before.Require(Numbers, StateLength, name, "state");
        buffers.After.Require(Numbers, StateLength, name, "new state");
        buffers.OptimizerState.Require(Numbers, OptimizerStateLength, name, "optimizerState");
        buffers.Sum.Require(Numbers, ContributionLength, name, "sum");
        buffers.Rest?.Require(Numbers, ContributionLength, name, "rest of the sum");
        int count = SquaresLength(Whole, step);
        int added = count > 0 ? 0 : RangedLength;           // a norm is of the complete sum; without one the ranged numbers are added up with the step
        buffers.AddRest(added, ContributionLength - added);
        ReadOnlySpan<float> sum = buffers.Sum.Floats;
        float[] rented = ArrayPool<float>.Shared.Rent(count);
        try
        {
            Span<float> squares = rented.AsSpan(0, count);
            Square(Whole, sum[..RangedLength], step, squares);
            RangedStep decided = Decide(sum[RangedLength..], squares, step);
            UpdateRange(Whole, count > 0 ? buffers with { Rest = null } : buffers, decided.Scale, step, runner);
            return decided.Outcome;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}

/// <summary>What all ranges of a step have in common.</summary>
/// <param name="Scale">What the sum of gradients is multiplied by; null if no example contributed, so that no parameter changes.</param>
/// <param name="Outcome">What the step says.</param>
public readonly record struct RangedStep(double? Scale, UpdateOutcome Outcome);

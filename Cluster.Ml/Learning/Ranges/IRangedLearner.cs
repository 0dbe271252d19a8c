namespace Cluster.Ml.Learning.Ranges;

/// <summary>
/// A learner whose update treats each parameter alone but for one factor: its numbers can be cut into ranges that several
/// servers keep, and however they are cut every bit is that of <see cref="ILearner.Update(in UpdateBuffers, in StepContext, IPartRunner)"/>.
/// </summary>
/// <remarks>
/// Equation  scale = Decide(common part of the sum, squares of range 0, of range 1, …);
///           stateᵣ, optimizerStateᵣ ← UpdateRange(stateᵣ, optimizerStateᵣ, part r of the sum, scale),  for every range r
/// Shapes    a contribution: numbers that belong to parameters [RangedLength], then what is common: the statistics are its last
/// Range     Numbers is single precision, and Combine is addition. Every method is a pure function of its arguments
/// Source    Li et al., "Scaling Distributed Machine Learning with the Parameter Server", OSDI 2014, § 3: keys in ranges
/// Differs   from the paper in that a step waits for all ranges, so that the model does not depend on how many there are
/// </remarks>
public interface IRangedLearner : ILearner
{
    /// <summary>How many numbers at the start of a contribution belong to parameters, in the order of the ranges.</summary>
    int RangedLength { get; }

    /// <summary>How many numbers of a contribution belong to no range.</summary>
    int CommonLength => ContributionLength - RangedLength;

    /// <summary>Cuts the model into at most so many ranges; fewer where it is too small for as many.</summary>
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
}

/// <summary>What all ranges of a step have in common.</summary>
/// <param name="Scale">What the sum of gradients is multiplied by; null if no example contributed, so that no parameter changes.</param>
/// <param name="Outcome">What the step says.</param>
public readonly record struct RangedStep(double? Scale, UpdateOutcome Outcome);

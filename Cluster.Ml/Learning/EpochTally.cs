using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>Adds up the statistics of an epoch's steps.</summary>
/// <remarks>Equation  loss = Σₜ lossₜ·nₜ / Σₜ nₜ;  accuracy = Σₜ correctₜ / Σₜ nₜ,  in step order, as doubles</remarks>
public sealed class EpochTally
{
    private readonly bool _hasClasses;
    private double _loss;
    private double _correct;

    /// <summary>An epoch of which no step is done.</summary>
    /// <param name="hasClasses">Whether there is anything to be right about.</param>
    public EpochTally(bool hasClasses) => _hasClasses = hasClasses;

    /// <summary>Examples that contributed.</summary>
    public long Examples { get; private set; }

    /// <summary>Steps added.</summary>
    public long Steps { get; private set; }

    /// <summary>Mean loss of the examples; NaN before the first.</summary>
    public double Loss => Examples == 0 ? double.NaN : _loss / Examples;

    /// <summary>Share classified rightly while training; NaN if there are no classes.</summary>
    public double Accuracy => _hasClasses && Examples > 0 ? _correct / Examples : double.NaN;

    /// <summary>How many examples of a combined contribution were classified rightly. To be read before the update.</summary>
    /// <param name="learner">Knows the place of the statistics.</param>
    /// <param name="sum">The combined contribution.</param>
    /// <param name="rest">What is still to be added to it, or null.</param>
    public static double CorrectOf(ILearner learner, NumericBuffer sum, NumericBuffer? rest = null)
    {
        int at = learner.StatisticsStart + StepStatistics.Correct;
        return sum.Kind == NumberKind.Float32 ? sum.Floats[at] + (rest?.Floats[at] ?? 0) : sum.Doubles[at] + (rest?.Doubles[at] ?? 0);
    }

    /// <summary>Adds one step.</summary>
    /// <param name="outcome">What the update said.</param>
    /// <param name="correct">Of <see cref="CorrectOf"/>.</param>
    public void Add(in UpdateOutcome outcome, double correct)
    {
        Steps++;
        Examples += outcome.Examples;
        if (outcome.Examples > 0) _loss += outcome.Loss * outcome.Examples;
        _correct += correct;
    }
}

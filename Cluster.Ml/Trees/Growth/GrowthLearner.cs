using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Trees.Growth;

/// <summary>What learners of trees have in common: they gather the values of columns first, then level by level the histograms of waiting nodes.</summary>
/// <remarks>
/// Shapes       see GrowthLayout
/// Determinism  sums of counts, and of numbers in fixed point, are whole numbers below 2⁵³: no order of adding changes a bit
/// Range        an epoch has as many steps as what it grows takes; the first also has those that gather the columns' values
/// </remarks>
public abstract class GrowthLearner : ILearner, IVaryingLength, ILearnedNumbers
{
    private readonly string _kind;

    private protected GrowthLearner(JobSpec spec, DataShape shape, GrowthLayout layout, bool regresses, SplitRule rule, GrowthLimits limits)
    {
        (_kind, Shape, Layout) = (spec.Model.Kind, shape, layout);
        Classes = regresses ? 0 : shape.Classes.Count;
        Sums = new GrowthSums(layout, spec.Seed);
        Grower = new TreeGrower(layout, rule, limits, ValueOf);
        Binned = new BinnedRows(layout);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => Layout.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => Layout.OptimizerStateLength;

    /// <inheritdoc/>
    public int ContributionLength => Layout.ContributionLength;

    /// <inheritdoc/>
    public int StatisticsStart => 0;

    /// <inheritdoc/>
    public int LeastLength => GrowthHead.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Classes > 0 ? new ClassificationSums(Classes).Length : RegressionSums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    internal DataShape Shape { get; }

    internal GrowthLayout Layout { get; }

    internal GrowthSums Sums { get; }

    internal TreeGrower Grower { get; }

    internal BinnedRows Binned { get; }

    /// <summary>How many classes; 0 for numbers.</summary>
    internal int Classes { get; }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        optimizerState.Clear();
        Grower.Plant(state.Doubles, 0, RootsOf(0));
    }

    /// <inheritdoc/>
    public bool IsWithinEpoch(NumericBuffer state) => new GrowthHeader(state.Doubles).WithinEpoch != 0;

    /// <inheritdoc/>
    public abstract IContributor CreateContributor();

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right) => Sums.Combine(left, right);

    /// <inheritdoc/>
    public int UsedLength(NumericBuffer contribution) => GrowthSums.UsedLength(contribution);

    /// <inheritdoc/>
    public bool IsSound(NumericBuffer contribution, int length) => Sums.IsSound(contribution, length);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> model = state.Doubles, numbers = sum.Doubles;
        GrowthHead head = new(numbers);
        GrowthHeader header = new(model);
        double examples = head.Statistics[StepStatistics.Examples], loss = head.Statistics[StepStatistics.LossSum];
        if (head.HoldsSketches)
        {
            Sums.Absorb(model, numbers);
            header.WithinEpoch = 1;
            return new UpdateOutcome(false, double.NaN, 0);
        }
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, _kind, "a loss that is not", DivergedException.TooLarge);
        if (header.Finished == 0) header.WithinEpoch = Advance(model, optimizerState.Doubles, numbers[GrowthHead.Length..]) || header.Finished != 0 ? 0 : 1;
        return new UpdateOutcome(header.Finished != 0, loss / examples, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) =>
        Classes > 0 ? new ClassificationSums(Classes).Measure(evaluationSums) : RegressionSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public abstract IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing);

    /// <inheritdoc/>
    public abstract ModelSummary Summarize(NumericBuffer state);

    /// <summary>Trees of a slice.</summary>
    private protected virtual int RootsOf(int slice) => Layout.Sizes.Roots;

    /// <summary>Changes the state by the sums of a step; sets Finished when nothing is left to grow.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="kept">Histograms of nodes whose children wait.</param>
    /// <param name="gathered">Behind the head.</param>
    /// <returns>Whether the epoch ends.</returns>
    private protected abstract bool Advance(Span<double> state, Span<double> kept, ReadOnlySpan<double> gathered);

    /// <summary>What a node of such sums says.</summary>
    private protected abstract double ValueOf(ReadOnlySpan<double> sums);

    /// <summary>The first of the most frequent classes; 0 for numbers, which are read from the sums.</summary>
    private protected double MostFrequent(ReadOnlySpan<double> sums)
    {
        if (Classes == 0) return 0;
        int best = 0;
        for (int c = 1; c < sums.Length; c++)
            if (sums[c] > sums[best]) best = c;
        return best;
    }
}

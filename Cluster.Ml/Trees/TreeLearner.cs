using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>A decision tree of classes or numbers, grown level by level from histograms.</summary>
/// <remarks>
/// Objective    each split is the one that makes the criterion smallest: Gini's index, entropy in bits, or the variance
/// Assumptions  none on the features: only the order of each column's values counts
/// Shapes       see GrowthLayout. The first steps gather the columns' values, then each step the histograms of waiting nodes
/// Complexity   O(n·p) a level; a contribution holds at most 8 MiB, or one histogram where that is larger
/// Determinism  counts, and targets in fixed point, are whole numbers below 2⁵³: no order of adding changes a bit. Of equal gains the smaller
///              column wins, then the smaller threshold
/// Range        a probability of 0 counts as 2⁻⁵² in the log-loss; a column of more values than bins is cut at about equal numbers of rows
/// Source       Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984)
/// Differs      from scikit-learn, which looks at every threshold, breaks ties at random and searches best-first where leaves are limited
/// </remarks>
public sealed class TreeLearner : ILearner, IVaryingLength, ILearnedNumbers, IOnnxSource
{
    private readonly JobSpec _spec;
    private readonly DataShape _shape;
    private readonly TreeOptions _options;

    private TreeLearner(JobSpec spec, DataShape shape, GrowthLayout layout, SplitRule rule)
    {
        (_spec, _shape, Layout, _options) = (spec, shape, layout, spec.Model.As<TreeOptions>());
        Sums = new GrowthSums(layout, spec.Seed);
        Grower = new TreeGrower(layout, rule, new GrowthLimits(_options.LeafRows, _options.Gain), ValueOf);
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

    internal GrowthLayout Layout { get; }

    internal GrowthSums Sums { get; }

    internal TreeGrower Grower { get; }

    internal BinnedRows Binned { get; }

    /// <summary>How many classes; 0 for numbers.</summary>
    internal int Classes => _options.Regresses ? 0 : _shape.Classes.Count;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Criterion, depth and limits are read from model.</param>
    /// <param name="shape">Columns and classes.</param>
    /// <exception cref="BadInputException">The tree or a histogram would be too large.</exception>
    public static TreeLearner Create(JobSpec spec, DataShape shape)
    {
        TreeOptions options = spec.Model.As<TreeOptions>();
        SplitRule rule = options.RuleFor(shape.Classes.Count);
        GrowthSizes sizes = new(shape.Features, options.Bins, rule.Channels, options.Depth);
        return new TreeLearner(spec, shape, GrowthLayout.Of(sizes, spec.Data.Source, shape.TrainingExamples), rule);
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        optimizerState.Clear();
        Grower.Plant(state.Doubles, 0);
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new TreeContributor(this);

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
            return new UpdateOutcome(false, double.NaN, 0);
        }
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "tree", "a loss that is not", DivergedException.TooLarge);
        if (header.Finished == 0 && !Grower.Grow(model, optimizerState.Doubles, numbers[GrowthHead.Length..], 0))
        {
            header.Finished = 1;
            if (_options.Pruning > 0) CostComplexity.Prune(Grower.NodesOf(model, 0), (int)header.Nodes, PruningCost(model));
        }
        return new UpdateOutcome(header.Finished != 0, loss / examples, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) =>
        Classes > 0 ? new ClassificationSums(Classes).Measure(evaluationSums) : RegressionSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing) =>
        TreeReport.Learned(Grower.NodesOf(state.Doubles, 0), preprocessing.Scaler);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        FixedPoint units = UnitsOf(state.Doubles);
        bool whole = new GrowthHeader(state.Doubles).Finished != 0;
        return TreeReport.Summarize(
            Grower.NodesOf(state.Doubles, 0), _shape, Classes > 0 ? node => _shape.Classes[(int)node.Value] : node => TreeReport.Text(MeanOf(node, units)),
            [.. whole ? [] : (string[])["not grown to the end: raise training.epochs"], .. ModelSummary.OfScaled("thresholds", _spec.Data)]);
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        FixedPoint units = UnitsOf(state.Doubles);
        OnnxTrees trees = new(Math.Max(1, Classes));
        trees.Add(Grower.NodesOf(state.Doubles, 0), 0, (node, values) =>
        {
            for (int c = 0; c < Classes; c++) values[c] = node.Rows > 0 ? node.Sums[c] / node.Rows : 1.0 / Classes;
            if (Classes == 0) values[0] = MeanOf(node, units);
        });
        string said = model.Graph.Reshape(trees.Write(model), trees.Width);
        if (Classes > 0) model.OutputClass(model.IndexOfMost(said), said);
        else model.OutputNumber(model.Graph.Reshape(said));
    }

    /// <summary>How targets become whole numbers, once their range is known.</summary>
    internal FixedPoint UnitsOf(Span<double> state)
    {
        GrowthHeader header = new(state);
        return Classes > 0 ? default : FixedPoint.Of(header.TargetLow, header.TargetHigh, header.Rows);
    }

    /// <summary>−ln of the share that a node's class has; all classes alike before anything is known.</summary>
    internal static double LossOf(NodeTable.Node node, int actual)
    {
        const double least = 1.0 / (1L << 52);
        double share = node.Rows > 0 ? node.Sums[actual] / node.Rows : 1.0 / node.Sums.Length;
        return share == 1 ? 0 : -StableMath.Log(Math.Max(least, share));
    }

    /// <summary>The mean of a node's targets; of none the middle of their range.</summary>
    internal static double MeanOf(NodeTable.Node node, in FixedPoint units) =>
        node.Rows > 0 ? units.MeanOf(node.Sums[VarianceRule.Sum], node.Rows) : units.Centre;

    // The first of the most frequent classes; numbers are read from the sums, in units that the state knows.
    private double ValueOf(ReadOnlySpan<double> sums)
    {
        if (Classes == 0) return 0;
        int best = 0;
        for (int c = 1; c < sums.Length; c++)
            if (sums[c] > sums[best]) best = c;
        return best;
    }

    /// <summary>α·n, of numbers in squared units.</summary>
    private double PruningCost(Span<double> state)
    {
        double cost = _options.Pruning * new GrowthHeader(state).Rows, unit = Classes > 0 ? 1 : UnitsOf(state).Unit;
        return cost / unit / unit;
    }
}

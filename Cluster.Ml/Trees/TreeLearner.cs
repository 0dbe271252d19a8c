using Cluster.Ml.Data;
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
public sealed class TreeLearner : GrowthLearner, IOnnxSource
{
    private readonly JobSpec _spec;
    private readonly TreeOptions _options;

    private TreeLearner(JobSpec spec, DataShape shape, GrowthLayout layout, SplitRule rule, TreeOptions options)
        : base(spec, shape, layout, options.Regresses, rule, new GrowthLimits(options.LeafRows, options.Gain)) => (_spec, _options) = (spec, options);

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Criterion, depth and limits are read from model.</param>
    /// <param name="shape">Columns and classes.</param>
    /// <exception cref="BadInputException">The tree or a histogram would be too large.</exception>
    public static TreeLearner Create(JobSpec spec, DataShape shape)
    {
        TreeOptions options = spec.Model.As<TreeOptions>();
        SplitRule rule = SplitCriterion.RuleFor(options.Criterion, options.Regresses, shape.Classes.Count);
        GrowthSizes sizes = new(shape.Features, options.Bins, rule.Channels, options.Depth);
        return new TreeLearner(spec, shape, GrowthLayout.Of(sizes, spec.Data.Source, shape.TrainingExamples), rule, options);
    }

    /// <inheritdoc/>
    public override IContributor CreateContributor() => new TreeContributor(this);

    /// <inheritdoc/>
    public override IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing) =>
        TreeReport.Learned(Grower.NodesOf(state.Doubles, 0), preprocessing.Scaler);

    /// <inheritdoc/>
    public override ModelSummary Summarize(NumericBuffer state)
    {
        FixedPoint units = UnitsOf(state.Doubles);
        bool whole = new GrowthHeader(state.Doubles).Finished != 0;
        return TreeReport.Summarize(
            Grower.NodesOf(state.Doubles, 0), Shape, Classes > 0 ? node => Shape.Classes[(int)node.Value] : node => TreeReport.Text(MeanOf(node, units)),
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

    /// <summary>An epoch is a level.</summary>
    private protected override bool Advance(Span<double> state, Span<double> kept, ReadOnlySpan<double> gathered)
    {
        GrowthHeader header = new(state);
        NodeTable nodes = Grower.NodesOf(state, 0);
        int level = nodes.ShallowestWaiting((int)header.Nodes);
        if (Grower.Grow(state, kept, gathered, 0)) return nodes.ShallowestWaiting((int)header.Nodes) > level;
        header.Finished = 1;
        if (_options.Pruning > 0) CostComplexity.Prune(nodes, (int)header.Nodes, PruningCost(state));
        return true;
    }

    private protected override double ValueOf(ReadOnlySpan<double> sums) => MostFrequent(sums);

    /// <summary>α·n, of numbers in squared units.</summary>
    private double PruningCost(Span<double> state)
    {
        double cost = _options.Pruning * new GrowthHeader(state).Rows, unit = Classes > 0 ? 1 : UnitsOf(state).Unit;
        return cost / unit / unit;
    }
}

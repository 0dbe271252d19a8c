using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>A random forest: trees that each draw their rows with replacement, and at each node some of the columns; their shares of classes, or means, are averaged.</summary>
/// <remarks>
/// Objective    that of a tree at each split, over the rows that the tree draws
/// Shapes       see GrowthLayout. A slice is a group of trees that grow side by side, as many as 8 MiB hold a histogram each of
/// Complexity   fit O(n·p) a level and tree, predict O(depth) a row and tree; the state has room for all nodes from the beginning
/// Determinism  draws are keyed by (seed, tree, row) and (seed, tree, node); sums are exact; votes are added in the order of trees. No tree
///              depends on the workers, the micro-batches, or the trees beside it. Of equal gains the column drawn first wins
/// Out of bag   after each group, each row is predicted by the trees that have not drawn it: the loss of an epoch, and the score
/// Source       Breiman, "Random Forests", Machine Learning 45 (2001)
/// Differs      from scikit-learn: a tree draws each row Poisson(1) times, and not n rows in all; thresholds are those of bins; a node of numbers
///              looks at a third of the columns; rows that every tree has drawn do not count in the out-of-bag score
/// </remarks>
public sealed class ForestLearner : GrowthLearner, IOnnxSource
{
    private const int ColumnsShown = 20;
    private const int DrawnRowsMax = 1 << 23;       // rows times trees that grow side by side: workers keep 9 bytes of each together

    private readonly JobSpec _spec;
    private readonly ForestOptions _options;

    private ForestLearner(JobSpec spec, DataShape shape, GrowthLayout layout, SplitRule rule, ForestOptions options)
        : base(
            spec, shape, layout, options.Regresses, rule,
            new GrowthLimits(options.LeafRows, 0, DrawOf(spec.Seed, layout.Sizes, options))) => (_spec, _options) = (spec, options);

    /// <summary>What the draws of rows are keyed by.</summary>
    internal ulong Seed => _spec.Seed;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Trees, columns and limits are read from model.</param>
    /// <param name="shape">Columns and classes.</param>
    /// <exception cref="BadInputException">The trees or a histogram would be too large.</exception>
    public static ForestLearner Create(JobSpec spec, DataShape shape) => Create(spec, shape, int.MaxValue);

    /// <summary>The same with at most so many trees side by side: as no tree depends on that, only for tests.</summary>
    internal static ForestLearner Create(JobSpec spec, DataShape shape, int together)
    {
        ForestOptions options = spec.Model.As<ForestOptions>();
        SplitRule rule = SplitCriterion.RuleFor(options.Criterion, options.Regresses, shape.Classes.Count);
        int wanted = options.ColumnsOf(shape.Features), drawn = NodeColumns.IsNarrow(wanted, shape.Features) ? wanted : 0;
        double histogram = (double)(drawn > 0 ? drawn : shape.Features) * Math.Min(options.Bins, shape.TrainingExamples) * rule.Channels;
        int roots = Math.Min(together, (int)Math.Clamp(Math.Min(GrowthLayout.StepNumbersMax / histogram, DrawnRowsMax / (double)shape.TrainingExamples), 1, options.Trees));
        GrowthSizes sizes = new(
            shape.Features, options.Bins, rule.Channels, options.Depth, roots, (options.Trees + roots - 1) / roots,
            Leaves: LeavesOf(shape.TrainingExamples, options.LeafRows), Drawn: drawn,
            Tail: options.Permutation ? ColumnPermutation.LengthOf(shape.Features) : 0);
        return new ForestLearner(spec, shape, GrowthLayout.Of(sizes, spec.Data.Source, shape.TrainingExamples), rule, options);
    }

    /// <inheritdoc/>
    public override IContributor CreateContributor() => new ForestContributor(this);

    /// <summary>trees, nodes, leaves, depth; importances of the columns by what their splits gain; with permutation permutation_importances, the accuracy lost or squared error gained; out_of_bag_score, the accuracy or r2 of rows by trees that have not drawn them.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        (int nodes, int leaves, int depth) = SizesOf(state.Doubles);
        return [
            LearnedNumbers.Scalar("trees", TreesOf(state.Doubles)), LearnedNumbers.Scalar("nodes", nodes), LearnedNumbers.Scalar("leaves", leaves),
            LearnedNumbers.Scalar("depth", depth), LearnedNumbers.Vector("importances", ImportancesOf(state.Doubles)),
            .. PermutedOf(state.Doubles) is { } permuted ? [LearnedNumbers.Vector("permutation_importances", permuted)] : (LearnedNumbers[])[],
            .. OutOfBagScore(state.Doubles) is { } score ? [LearnedNumbers.Scalar("out_of_bag_score", score)] : (LearnedNumbers[])[]];
    }

    /// <inheritdoc/>
    public override ModelSummary Summarize(NumericBuffer state)
    {
        (int nodes, _, int depth) = SizesOf(state.Doubles);
        int trees = TreesOf(state.Doubles);
        double[] importances = ImportancesOf(state.Doubles);
        double[]? permuted = PermutedOf(state.Doubles);
        int[] order = [.. Enumerable.Range(0, importances.Length).OrderByDescending(column => (permuted ?? importances)[column]).Take(ColumnsShown)];
        List<string> notes = [];
        if (OutOfBagScore(state.Doubles) is { } score)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"out-of-bag {(Classes > 0 ? "accuracy" : "r2")} {score:G6}, of {new GrowthHeader(state.Doubles).HeldOut[0]} rows"));
        if (importances.Length > order.Length) notes.Add($"{importances.Length - order.Length} columns are not shown");
        if (trees < _options.Trees) notes.Add($"{_options.Trees - trees} trees are left: raise training.epochs");
        return new ModelSummary(
            string.Create(CultureInfo.InvariantCulture, $"forest of {trees} trees, {nodes} nodes, depth at most {depth}"),
            ["column", "importance", .. permuted is null ? (string[])[] : ["permuted"]],
            [.. order.Select(column => (IReadOnlyList<string>)[
                Shape.FeatureNames[column], importances[column].ToString("F4", CultureInfo.InvariantCulture),
                .. permuted is null ? (string[])[] : [permuted[column].ToString("G4", CultureInfo.InvariantCulture)]])], notes);
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        FixedPoint units = UnitsOf(state.Doubles);
        OnnxTrees trees = new(Math.Max(1, Classes));
        int voters = 0;
        for (int tree = 0; tree < TreesOf(state.Doubles); tree++)
        {
            (int slice, int root) = PlaceOf(tree);
            NodeTable nodes = Grower.NodesOf(state.Doubles, slice);
            if (nodes[root].Rows == 0) continue;        // it has drawn no row, and says nothing
            voters++;
            trees.Add(nodes, root, (leaf, values) =>
            {
                for (int c = 0; c < Classes; c++) values[c] = leaf.Sums[c] / leaf.Rows;
                if (Classes == 0) values[0] = units.MeanOf(leaf.Sums[VarianceRule.Sum], leaf.Rows);
            });
        }
        if (voters == 0)
            throw new BadInputException(_spec.Data.Source, null, null, "a forest with a tree that has drawn a row", "none", "train it with more rows or trees");
        OnnxGraph graph = model.Graph;
        string votes = graph.Add("ReduceSum", [graph.Reshape(trees.Write(model), voters, trees.Width), graph.Wholes(1)], OnnxAttribute.Of("keepdims", 0));
        string said = graph.Add("Div", [votes, model.Vector([voters])]);
        if (Classes > 0) model.OutputClass(model.IndexOfMost(said), said);
        else model.OutputNumber(graph.Reshape(said));
    }

    /// <summary>Trees that are whole.</summary>
    internal int TreesOf(Span<double> state)
    {
        GrowthHeader header = new(state);
        return Math.Min(_options.Trees, (int)(header.Done + header.Judging) * Layout.Sizes.Roots);
    }

    /// <summary>The nodes among which a tree is, and which of them is its root.</summary>
    internal (int Slice, int Root) PlaceOf(int tree) => (tree / Layout.Sizes.Roots, tree % Layout.Sizes.Roots);

    /// <summary>How targets become whole numbers: their sums are exact however often rows are drawn.</summary>
    internal FixedPoint UnitsOf(Span<double> state)
    {
        GrowthHeader header = new(state);
        return Classes > 0 ? default : FixedPoint.Of(header.TargetLow, header.TargetHigh, header.Rows * (Bootstrap.WeightMax + 1.0));
    }

    /// <summary>How what rows out of bag say becomes whole numbers, as shares of the targets' range.</summary>
    internal FixedPoint HeldOutUnits => FixedPoint.About(0, 1, Shape.TrainingExamples);

    /// <summary>How what trees lose becomes whole numbers, as shares of the squared range of the targets.</summary>
    internal FixedPoint PermutationUnits => FixedPoint.About(0, 1, (double)Shape.TrainingExamples * _options.Trees);

    /// <summary>Whether the next judgement is the one that says what columns are worth, as it is of all trees.</summary>
    internal bool PermutesNext(Span<double> state) => _options.Permutation && new GrowthHeader(state) is { Judging: not 0, Done: var done } && (int)done == Layout.Sizes.Slices - 1;

    private protected override int RootsOf(int slice) => Math.Min(Layout.Sizes.Roots, _options.Trees - (slice * Layout.Sizes.Roots));

    /// <summary>An epoch is a group of trees, and the judgement of all so far.</summary>
    private protected override bool Advance(Span<double> state, Span<double> kept, ReadOnlySpan<double> gathered)
    {
        GrowthHeader header = new(state);
        if (header.Judging == 0)
        {
            header.Judging = Grower.Grow(state, kept, gathered, (int)header.Done) ? 0 : 1;
            return false;
        }
        gathered[..GrowthHeader.HeldOutLength].CopyTo(header.HeldOut);
        if (PermutesNext(state)) gathered.Slice(GrowthHeader.HeldOutLength, Layout.Sizes.Tail).CopyTo(state[Layout.TailStart..]);
        (header.Judging, header.Done) = (0, header.Done + 1);
        if (header.Done == Layout.Sizes.Slices) header.Finished = 1;
        else Grower.Plant(state, (int)header.Done, RootsOf((int)header.Done));
        return true;
    }

    private protected override double ValueOf(ReadOnlySpan<double> sums) => MostFrequent(sums);

    /// <summary>Null where no row was left out by any tree, or all targets are alike.</summary>
    private double? OutOfBagScore(Span<double> state)
    {
        Span<double> sums = new GrowthHeader(state).HeldOut;
        if (sums[0] == 0) return null;
        if (Classes > 0) return sums[1] / sums[0];
        double unit = HeldOutUnits.Unit;
        double? r2 = RegressionSums.Measure([sums[0], sums[1] * unit, sums[2] * unit, sums[3] * unit])[RegressionSums.R2];
        return r2 is { } score && double.IsFinite(score) ? score : null;
    }

    /// <summary>What each column is worth by permutation: accuracy lost, or mean squared error gained; null where that was not measured.</summary>
    private double[]? PermutedOf(Span<double> state)
    {
        GrowthHeader header = new(state);
        if (!_options.Permutation || header.Finished == 0 || state[Layout.TailStart] == 0) return null;
        double pairs = state[Layout.TailStart], range = header.TargetHigh - header.TargetLow, unit = Classes > 0 ? 1 : PermutationUnits.Unit * range * range;
        return [.. state.Slice(Layout.TailStart + 1, Shape.Features).ToArray().Select(sum => sum * unit / pairs)];
    }

    /// <summary>The share of each column in what a tree's splits gain, as a mean over the trees that split.</summary>
    private double[] ImportancesOf(Span<double> state)
    {
        var importances = new double[Shape.Features];
        int trees = TreesOf(state), split = 0;
        for (int slice = 0; slice * Layout.Sizes.Roots < trees; slice++)
            foreach (double[] gains in Importances.OfTrees(Grower.NodesOf(state, slice), RootsOf(slice), Shape.Features))
            {
                double all = gains.Sum();
                if (all <= 0) continue;
                split++;
                for (int column = 0; column < gains.Length; column++) importances[column] += gains[column] / all;
            }
        for (int column = 0; column < importances.Length && split > 0; column++) importances[column] /= split;
        return importances;
    }

    private (int Nodes, int Leaves, int Depth) SizesOf(Span<double> state)
    {
        (int nodes, int leaves, int depth) = (0, 0, 0);
        for (int slice = 0; slice * Layout.Sizes.Roots < TreesOf(state); slice++)
        {
            (int count, int ends, int deepest) = TreeReport.Sizes(Grower.NodesOf(state, slice));
            (nodes, leaves, depth) = (nodes + count, leaves + ends, Math.Max(depth, deepest));
        }
        return (nodes, leaves, depth);
    }

    /// <summary>Null where all columns are looked at.</summary>
    private static ColumnDraw? DrawOf(ulong seed, GrowthSizes sizes, ForestOptions options) =>
        options.ColumnsOf(sizes.Features) is var count && count < sizes.Features ? new ColumnDraw(seed, sizes.Roots, count) : null;

    /// <summary>The most leaves of a tree: as many as rows that it draws, of which it draws about n, give or take √n.</summary>
    private static int LeavesOf(int rows, int leafRows) => (int)Math.Min(rows, ((rows + (8 * Math.Sqrt(rows)) + 32) / leafRows) + 1);
}

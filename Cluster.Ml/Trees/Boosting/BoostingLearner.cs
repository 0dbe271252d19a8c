using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Boosting;

/// <summary>Gradient boosting: round by round a tree (of more than two classes a tree a class) that takes a Newton step in each of its leaves.</summary>
/// <remarks>
/// Objective    Σ (y − F)² / 2; of two classes the logistic loss, of more the cross-entropy of the softmax
/// Equation     F ← F + rate·(−G/H) of the leaf; G and H sum the gradients and curvatures of its rows
/// Complexity   O(n·p) a level and tree; a step also runs all whole rounds again
/// Determinism  gradients and curvatures are summed in fixed point, exactly; F is summed round by round
/// Source       Friedman, "Greedy Function Approximation", Ann. Statist. 29 (2001); Chen and Guestrin, "XGBoost", KDD 2016
/// Differs      from scikit-learn's HistGradientBoosting in that trees grow level by level to a depth, and that F begins at 0, or in the middle
///              of the targets' range, and not at the mean
/// </remarks>
public sealed class BoostingLearner : GrowthLearner, IOnnxSource
{
    private const double Headroom = 4;      // how far residuals may leave the range that they begin in before they are cut off

    private readonly BoostingOptions _options;

    private BoostingLearner(JobSpec spec, DataShape shape, GrowthLayout layout, BoostingOptions options)
        : base(spec, shape, layout, options.Regresses, RuleOf(options, shape), new GrowthLimits(options.LeafRows, 0)) => _options = options;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Rounds, rate and limits are read from model.</param>
    /// <param name="shape">Columns and classes.</param>
    /// <exception cref="BadInputException">The trees or a histogram would be too large.</exception>
    public static BoostingLearner Create(JobSpec spec, DataShape shape)
    {
        BoostingOptions options = spec.Model.As<BoostingOptions>();
        int trees = options.Regresses || shape.Classes.Count == 2 ? 1 : shape.Classes.Count;
        GrowthSizes sizes = new(shape.Features, options.Bins, 3, options.Depth, trees, options.Rounds);
        return new BoostingLearner(spec, shape, GrowthLayout.Of(sizes, spec.Data.Source, shape.TrainingExamples), options);
    }

    /// <inheritdoc/>
    public override IContributor CreateContributor() => new BoostingContributor(this);

    /// <inheritdoc/>
    public override IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing) => [
        LearnedNumbers.Scalar("rounds", new GrowthHeader(state.Doubles).Done), LearnedNumbers.Scalar("trees", new GrowthHeader(state.Doubles).Done * Layout.Sizes.Roots)];

    /// <inheritdoc/>
    public override ModelSummary Summarize(NumericBuffer state)
    {
        int rounds = (int)new GrowthHeader(state.Doubles).Done;
        return new ModelSummary(
            string.Create(CultureInfo.InvariantCulture, $"boosting: {rounds} rounds of {Layout.Sizes.Roots} trees, depth at most {_options.Depth}"), [], [],
            rounds == _options.Rounds ? [] : [$"{_options.Rounds - rounds} rounds are left: raise training.epochs"]);
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        int rounds = (int)new GrowthHeader(state.Doubles).Done, roots = Layout.Sizes.Roots;
        double scale = ValueUnitOf(state.Doubles);
        OnnxTrees trees = new(1);
        for (int round = 0; round < rounds; round++)
            for (int root = 0; root < roots; root++)
                trees.Add(Grower.NodesOf(state.Doubles, round), root, (node, values) => values[0] = node.Value * scale);
        OnnxGraph graph = model.Graph;
        string sums = graph.Add("ReduceSum", [graph.Reshape(trees.Write(model), rounds, roots), graph.Wholes(1)], OnnxAttribute.Of("keepdims", 0));
        string margins = graph.Add("Add", [sums, model.Vector([BaseOf(state.Doubles)])]);
        if (Classes == 0) model.OutputNumber(graph.Reshape(margins));
        else if (Classes == 2) model.OutputLogOdds(margins);
        else model.OutputClass(model.IndexOfMost(margins), graph.Add("Softmax", [margins]));
    }

    /// <summary>Where F begins.</summary>
    internal double BaseOf(Span<double> state)
    {
        GrowthHeader header = new(state);
        return Classes > 0 ? 0 : (header.TargetLow / 2) + (header.TargetHigh / 2);
    }

    /// <summary>How gradients become whole numbers.</summary>
    internal FixedPoint UnitsOf(Span<double> state)
    {
        GrowthHeader header = new(state);
        double most = Classes > 0 ? 1 : Headroom * ((header.TargetHigh / 2) - (header.TargetLow / 2));
        return FixedPoint.About(0, most, Shape.TrainingExamples);
    }

    /// <summary>The unit of what leaves say: gradients of classes and their curvatures have the same.</summary>
    internal double ValueUnitOf(Span<double> state) => Classes > 0 ? 1 : UnitsOf(state).Unit;

    /// <summary>An epoch is a round.</summary>
    private protected override bool Advance(Span<double> state, Span<double> kept, ReadOnlySpan<double> gathered)
    {
        GrowthHeader header = new(state);
        if (Grower.Grow(state, kept, gathered, (int)header.Done)) return false;
        header.Done++;
        if (header.Done == _options.Rounds) header.Finished = 1;
        else Grower.Plant(state, (int)header.Done, Layout.Sizes.Roots);
        return true;
    }

    private protected override double ValueOf(ReadOnlySpan<double> sums) =>
        sums[NewtonRule.Curvature] > 0 ? -_options.Rate * sums[NewtonRule.Gradient] / sums[NewtonRule.Curvature] : 0;

    private static NewtonRule RuleOf(BoostingOptions options, DataShape shape) =>
        new(options.Regresses ? 1 : FixedPoint.About(0, 1, shape.TrainingExamples).Unit);
}

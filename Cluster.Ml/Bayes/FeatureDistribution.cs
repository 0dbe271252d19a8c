using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;

namespace Cluster.Ml.Bayes;

/// <summary>How columns are distributed within a class: what rows add, what is estimated of their sums, and how likely a row is.</summary>
/// <param name="classes">C.</param>
/// <param name="features">d.</param>
/// <param name="smoothing">Keeps estimates from extremes; above 0.</param>
/// <remarks>
/// Equation  score_c(x) = ln P(c) + ln p(x | c),  with P(c) the share of training rows of class c
/// Shapes    counts [C]; sums [SumsLength]; parameters [ParametersLength]; bias [C]; weights [WeightsLength]; scores [C]
/// Range     the distribution itself holds no numbers: one serves any number of threads
/// </remarks>
internal abstract class FeatureDistribution(int classes, int features, double smoothing)
{
    /// <summary>C.</summary>
    public int Classes => classes;

    /// <summary>d.</summary>
    public int Features => features;

    /// <summary>What a micro-batch adds beside the classes' counts.</summary>
    public abstract int SumsLength { get; }

    /// <summary>What is kept of the sums.</summary>
    public abstract int ParametersLength { get; }

    /// <summary>What scores are computed with, beside a bias a class.</summary>
    public abstract int WeightsLength { get; }

    /// <summary>In words, for a summary.</summary>
    public abstract string Description { get; }

    protected double Smoothing => smoothing;

    /// <summary>The distribution that a job names.</summary>
    public static FeatureDistribution Of(NaiveBayesOptions options, int classes, int features) => options.Distribution switch
    {
        NaiveBayesOptions.Multinomial => new MultinomialFeatures(classes, features, options.SmoothingOrDefault),
        NaiveBayesOptions.Bernoulli => new BernoulliFeatures(classes, features, options.SmoothingOrDefault),
        _ => new GaussianFeatures(classes, features, options.SmoothingOrDefault),
    };

    /// <summary>Adds the rows of a micro-batch to counts and sums that are all 0.</summary>
    /// <param name="leaf">The rows.</param>
    /// <param name="counts">[C], changed.</param>
    /// <param name="sums">[SumsLength], changed.</param>
    /// <param name="scratch">[C, d], overwritten.</param>
    public abstract void Sum(in MicroBatch leaf, Span<double> counts, Span<double> sums, Span<double> scratch);

    /// <summary>Merges the sums of other rows; the counts of both are as they were before.</summary>
    public abstract void Combine(ReadOnlySpan<double> counts, Span<double> sums, ReadOnlySpan<double> otherCounts, ReadOnlySpan<double> otherSums);

    /// <summary>Estimates the parameters.</summary>
    /// <exception cref="DivergedException">No such distribution has rows like these.</exception>
    public abstract void Estimate(ReadOnlySpan<double> counts, ReadOnlySpan<double> sums, Span<double> parameters, IReadOnlyList<string> featureNames, long step);

    /// <summary>Arranges parameters for <see cref="Score"/>.</summary>
    public abstract void Prepare(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Span<double> bias, Span<double> weights);

    /// <summary>ln P(c) + ln p(x | c) of every class.</summary>
    /// <param name="x">A row, [d].</param>
    /// <param name="bias">Of <see cref="Prepare"/>.</param>
    /// <param name="weights">Of <see cref="Prepare"/>.</param>
    /// <param name="scratch">At least [d], overwritten.</param>
    /// <param name="scores">[C], overwritten.</param>
    public abstract void Score(ReadOnlySpan<double> x, ReadOnlySpan<double> bias, ReadOnlySpan<double> weights, Span<double> scratch, Span<double> scores);

    /// <summary>The parameters by name, in units of the source's columns.</summary>
    public abstract IEnumerable<LearnedNumbers> Learned(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Scaler scaler);

    /// <summary>One number of a class and column, for a table.</summary>
    public abstract double Shown(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, int label, int feature);

    /// <summary>The numbers of one class, [d].</summary>
    protected Span<double> RowOf(Span<double> matrix, int label) => matrix.Slice(label * features, features);

    /// <inheritdoc cref="RowOf(Span{double}, int)"/>
    protected ReadOnlySpan<double> RowOf(ReadOnlySpan<double> matrix, int label) => matrix.Slice(label * features, features);

    /// <summary>Σ of numbers in their order.</summary>
    protected static double Total(ReadOnlySpan<double> numbers)
    {
        double total = 0;
        foreach (double number in numbers) total += number;
        return total;
    }

    /// <summary>Scores without their bias as operators, [rows, C].</summary>
    /// <param name="graph">Added to.</param>
    /// <param name="rows">Scaled rows, [rows, d].</param>
    /// <param name="weights">Of <see cref="Prepare"/>.</param>
    public abstract string WriteScores(OnnxGraph graph, string rows, ReadOnlySpan<double> weights);

    /// <summary>w_cᵀx as operators, [rows, C].</summary>
    protected string WriteLinearScores(OnnxGraph graph, string rows, ReadOnlySpan<double> weights) =>
        graph.Add("MatMul", [rows, graph.Add("Transpose", [graph.Constant(OnnxTensor.Of(weights, classes, features))])]);

    /// <summary>Linear scores: bias_c + w_cᵀx.</summary>
    protected void ScoreLinearly(ReadOnlySpan<double> x, ReadOnlySpan<double> bias, ReadOnlySpan<double> weights, Span<double> scores)
    {
        for (int c = 0; c < classes; c++) scores[c] = bias[c] + DoubleVectors.Dot(x, RowOf(weights, c));
    }
}

using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Bayes;

/// <summary>Naive Bayes in summation form: one step fits, a second measures what it fits.</summary>
/// <remarks>
/// Objective    max over the parameters of Σᵢ [ln P(yᵢ) + Σ_f ln p(x_if | yᵢ)], smoothed
/// Assumptions  columns are independent within each class
/// Shapes       state [rows of each class [C], the distribution's parameters]; contribution [rows of each class [C], the distribution's sums,
///              statistics [3]]; see <see cref="FeatureDistribution"/>
/// Complexity   fit O(n·d) in two steps, predict O(C·d) a row
/// Determinism  sums in row order, merged in the order of the summation tree; of equal scores the first class is predicted
/// Range        a class without training rows has no distribution, and is refused. Before the first step all classes are equally likely
/// Source       Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), § 6.6.3
/// </remarks>
public sealed class NaiveBayesLearner : ILearner, ILearnedNumbers, IOnnxSource
{
    private readonly DataSpec _data;
    private readonly DataShape _shape;

    private NaiveBayesLearner(DataSpec data, DataShape shape, FeatureDistribution distribution) => (_data, _shape, Distribution) = (data, shape, distribution);

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => Distribution.Classes + Distribution.ParametersLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => Distribution.Classes + Distribution.SumsLength + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Sums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    internal FeatureDistribution Distribution { get; }

    internal ClassificationSums Sums => new(Distribution.Classes);

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Distribution and smoothing are read from model.</param>
    /// <param name="shape">Features and classes of the data.</param>
    /// <exception cref="BadInputException">Classes × features is too large.</exception>
    public static NaiveBayesLearner Create(JobSpec spec, DataShape shape)
    {
        const int numbersMax = NumericBuffer.LengthMax / 16;
        double numbers = (double)shape.Classes.Count * (shape.Features + 1);
        return numbers <= numbersMax
            ? new NaiveBayesLearner(spec.Data, shape, FeatureDistribution.Of(spec.Model.As<NaiveBayesOptions>(), shape.Classes.Count, shape.Features))
            : throw new BadInputException(
                spec.Data.Source, null, null, $"classes x features of at most {numbersMax} for {spec.Model.Kind}", $"{numbers}", "leave out columns with data.ignore");
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => state.Clear();

    /// <inheritdoc/>
    public IContributor CreateContributor() => new NaiveBayesContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right)
    {
        Span<double> to = left.Doubles, from = right.Doubles;
        int classes = Distribution.Classes;
        Distribution.Combine(to[..classes], SumsOf(to), from[..classes], SumsOf(from));
        DoubleVectors.AddScaled(1, from[..classes], to[..classes]);
        DoubleVectors.AddScaled(1, from[^StepStatistics.Length..], to[^StepStatistics.Length..]);
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> numbers = sum.Doubles, statistics = numbers[^StepStatistics.Length..];
        double examples = statistics[StepStatistics.Examples];
        if (!DoubleVectors.AllFinite(numbers)) throw new DivergedException(step.Step, "naive Bayes", "sums that are not", DivergedException.TooLarge);
        if (examples == 0) return new UpdateOutcome(true, 0, 0);
        bool fitted = IsFitted(state);
        if (!fitted) Fit(state.Doubles, numbers, step.Step);
        return new UpdateOutcome(fitted, statistics[StepStatistics.LossSum] / examples, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Sums.Measure(evaluationSums);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        double[] counts = CountsOf(state).ToArray();
        double rows = counts.Sum();
        return [
            LearnedNumbers.Vector("class_priors", [.. counts.Select(count => count / rows)]), LearnedNumbers.Vector("class_rows", counts),
            .. Distribution.Learned(counts, ParametersOf(state), preprocessing.Scaler)];
    }

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        const int shown = 6, classesShown = 50;
        ReadOnlySpan<double> counts = CountsOf(state);
        List<IReadOnlyList<string>> rows = [];
        for (int c = 0; c < Math.Min(classesShown, counts.Length); c++)
        {
            List<string> cells = [_shape.Classes[c], counts[c].ToString("F0", CultureInfo.InvariantCulture)];
            for (int f = 0; f < Math.Min(shown, _shape.Features); f++)
                cells.Add(Distribution.Shown(counts, ParametersOf(state), c, f).ToString("G6", CultureInfo.InvariantCulture));
            rows.Add(cells);
        }
        return new ModelSummary(
            $"naive Bayes: {_shape.Classes.Count} classes, {_shape.Features} features, {Distribution.Description}",
            ["class", "rows", .. _shape.FeatureNames.Take(shown)], rows, [.. ModelSummary.OfScaled("numbers", _data)]);
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        (double[] bias, double[] weights) = (new double[Distribution.Classes], new double[Distribution.WeightsLength]);
        Distribution.Prepare(CountsOf(state), ParametersOf(state), bias, weights);
        string scores = model.Graph.Add("Add", [Distribution.WriteScores(model.Graph, model.Rows, weights), model.Vector(bias)]);
        model.OutputClass(model.IndexOfMost(scores), model.Graph.Add("Exp", [model.Graph.Add("Sub", [scores, model.LogSumOfExponentials(scores)])]));
    }

    /// <summary>Whether the state has been fitted.</summary>
    internal bool IsFitted(NumericBuffer state) => CountsOf(state).IndexOfAnyExcept(0.0) >= 0;

    /// <summary>How many training rows each class has, [C].</summary>
    internal ReadOnlySpan<double> CountsOf(NumericBuffer state) => state.Doubles[..Distribution.Classes];

    /// <summary>The distribution's parameters.</summary>
    internal ReadOnlySpan<double> ParametersOf(NumericBuffer state) => state.Doubles[Distribution.Classes..];

    /// <summary>The distribution's sums in a contribution.</summary>
    internal Span<double> SumsOf(Span<double> contribution) => contribution.Slice(Distribution.Classes, Distribution.SumsLength);

    private void Fit(Span<double> model, Span<double> sums, long step)
    {
        Span<double> counts = sums[..Distribution.Classes];
        int without = counts.IndexOf(0.0);
        if (without >= 0)
            throw new DivergedException(
                step, "naive Bayes", "training rows of every class", $"none of class '{_shape.Classes[without]}'",
                "give the training split rows of it (data.split.stratify: true), or leave the class out of data.classes");
        Distribution.Estimate(counts, SumsOf(sums), model[Distribution.Classes..], _shape.FeatureNames, step);
        counts.CopyTo(model);
        if (!DoubleVectors.AllFinite(model)) throw new DivergedException(step, "naive Bayes", "parameters that are not", DivergedException.TooLarge);
    }
}

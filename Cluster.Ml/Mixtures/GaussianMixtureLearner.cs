using System.Globalization;
using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Mixtures;

/// <summary>A mixture of Gaussians by EM in summation form, from several k-means starts side by side; the most likely is kept.</summary>
/// <remarks>
/// Objective    L = (1/n) Σᵢ ln Σ_c w_c·N(xᵢ; μ_c, Σ_c)
/// Assumptions  columns of comparable scale, as variances are kept above model.regularize
/// Shapes       see MixtureLayout; k steps choose centroids, at most <see cref="LloydStepsMax"/> move them, one gives each row to its nearest, and
///              from then on each step is one step of EM
/// Complexity   O(n·k·d²) a step and start with covariance matrices, O(n·k·d) with variances
/// Determinism  as <see cref="KMeansLearner"/>, which starts it; sums in row order, then in the order of the summation tree
/// Range        a start ends when L gains at most training.tolerance, in nats; its state then has just this L. Moments are summed about the current
///              means, so that columns far from 0 keep their digits. A component that loses all rows keeps the weight 0
/// Source       Dempster, Laird, Rubin, J. R. Stat. Soc. B 39 (1977); Bishop, Pattern Recognition and Machine Learning (2006), § 9.2.2
/// Differs      from scikit-learn in that k-means starts in parallel and moves at most <see cref="LloydStepsMax"/> times
/// </remarks>
public sealed class GaussianMixtureLearner : ILearner, ILearnedNumbers, IMembership, IOnnxSource
{
    /// <summary>The most steps that move the start's centroids.</summary>
    public const int LloydStepsMax = 20;

    private readonly JobSpec _spec;
    private readonly DataShape _shape;
    private readonly GaussianMixtureOptions _options;

    private GaussianMixtureLearner(JobSpec spec, DataShape shape, KMeansLearner start)
    {
        (_spec, _shape, _options, Start) = (spec, shape, spec.Model.As<GaussianMixtureOptions>(), start);
        Form = CovarianceForm.Of(_options.Covariance, _options.Components, shape.Features);
        Layout = new MixtureLayout(start.StateLength, start.ContributionLength, _options.Components, shape.Features, Form.Length, _options.Restarts);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => Layout.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => Layout.ContributionLength;

    /// <inheritdoc/>
    public int EvaluationLength => DensitySums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    /// <summary>The probability of each component, and ln of the row's density in scaled units, nats.</summary>
    public IReadOnlyList<string> MembershipNames => [.. Enumerable.Range(0, Layout.Components).Select(c => $"probability_{c}"), "log_density"];

    internal KMeansLearner Start { get; }

    internal CovarianceForm Form { get; }

    internal MixtureLayout Layout { get; }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        OnnxGraph graph = model.Graph;
        MixtureRun run = Layout.BestRun(state.Doubles);
        (double[] factors, double[] offsets) = (new double[Form.Length], new double[Layout.Components]);
        Form.Factor(run.Covariances, factors, offsets);
        for (int c = 0; c < offsets.Length; c++)
            offsets[c] = StableMath.Log(run.Weights[c]) - offsets[c] - (0.5 * Layout.Features * StableMath.Log(2 * Math.PI));
        string means = graph.Constant(OnnxTensor.Of(run.Means, Layout.Components, Layout.Features));
        string squared = Form.WriteSquared(graph, factors, graph.Add("Sub", [graph.Reshape(model.Rows, 1, Layout.Features), means]));
        string joint = graph.Add("Sub", [model.Vector(offsets), graph.Add("Mul", [squared, model.Vector([0.5])])]);
        string density = model.LogSumOfExponentials(joint);
        model.OutputCluster(model.IndexOfMost(joint));
        string responsibilities = graph.Add("Exp", [graph.Add("Sub", [joint, density])]);
        model.OutputVector(OnnxModel.Memberships, graph.Add("Concat", [responsibilities, density], OnnxAttribute.Of("axis", 1)), MembershipNames);
    }

    private int Parameters => _options.Components - 1 + (_options.Components * _shape.Features) + Form.Length;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Components, covariance, restarts and regularize are read from model; training.tolerance ends a start.</param>
    /// <param name="shape">At least as many training rows as components.</param>
    /// <exception cref="BadInputException">There are fewer rows than components, too few epochs, or too many numbers.</exception>
    public static GaussianMixtureLearner Create(JobSpec spec, DataShape shape)
    {
        GaussianMixtureOptions options = spec.Model.As<GaussianMixtureOptions>();
        int components = options.Components, epochsMin = components + LloydStepsMax + 2;
        if (shape.TrainingExamples < components)
            throw new BadInputException(
                spec.Data.Source, null, null, $"at least {components} training rows for {components} components", $"{shape.TrainingExamples}",
                "lower model.components, or add rows");
        if (spec.Training.Epochs < epochsMin)
            throw new BadInputException(
                spec.Name, null, null, $"training.epochs of at least {epochsMin} for {components} components, as so many may go to the start",
                $"{spec.Training.Epochs}", "raise training.epochs");
        double matrices = options.Covariance switch
        {
            GaussianMixtureOptions.Full => components * (double)shape.Features,
            GaussianMixtureOptions.Tied => shape.Features,
            _ => components,
        };
        double numbers = options.Restarts * (double)shape.Features * (matrices + (4.0 * components));
        const double numbersMax = NumericBuffer.LengthMax / 4.0;
        if (numbers > numbersMax)
            throw new BadInputException(
                spec.Data.Source, null, null, $"restarts x components x features (twice with covariance matrices) of at most {numbersMax}", $"{numbers}",
                "lower model.restarts or model.components, or write covariance: diagonal");
        return new GaussianMixtureLearner(spec, shape, KMeansLearner.CreateStart(spec, shape, components, options.Restarts));
    }

    /// <summary>Equal weights, means of 0 and unit covariances, until the start is chosen.</summary>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        for (int restart = 0; restart < Layout.Restarts; restart++)
        {
            MixtureRun run = Layout.Run(state.Doubles, restart);
            run.Weights.Fill(1.0 / Layout.Components);
            Form.Estimate(run.Covariances.ToArray(), new double[Layout.Components], run.Means, 1, run.Covariances);
        }
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new MixtureContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right)
    {
        if (left.Doubles[Layout.PhaseOfSums] == MixtureLayout.Choosing)
        {
            Start.Combine(left, right);
            return;
        }
        int added = Layout.Restarts * Layout.PartLength;
        DoubleVectors.AddScaled(1, right.Doubles[..added], left.Doubles[..added]);
        DoubleVectors.AddScaled(1, right.Doubles[^StepStatistics.Length..], left.Doubles[^StepStatistics.Length..]);
    }

    /// <inheritdoc/>
    public bool IsFinite(NumericBuffer contribution, int length) => contribution.Doubles[Layout.PhaseOfSums] == MixtureLayout.Choosing
        ? Start.IsFinite(contribution, length)
        : DoubleVectors.AllFinite(contribution.Doubles);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> model = state.Doubles, statistics = sum.Doubles[^StepStatistics.Length..];
        double examples = statistics[StepStatistics.Examples];
        if (examples == 0) return new UpdateOutcome(true, 0, 0);
        Layout.Rows(model) = examples;
        if (Layout.Phase(model) == MixtureLayout.Choosing) return Choose(state, optimizerState, sum, step);
        if (!DoubleVectors.AllFinite(sum.Doubles)) throw new DivergedException(step.Step, "Gaussian mixture", "sums that are not", DivergedException.TooLarge);
        bool settled = true;
        for (int restart = 0; restart < Layout.Restarts; restart++) settled &= Move(model, Layout.Run(model, restart), Layout.Part(sum.Doubles, restart), step.Step);
        if (Layout.Phase(model) == MixtureLayout.Expecting) Layout.Steps(model)++;
        else (Layout.Phase(model), Layout.Steps(model)) = (MixtureLayout.Expecting, 0);
        if (Layout.Steps(model) > 0) KeepBest(model);
        return new UpdateOutcome(settled, statistics[StepStatistics.LossSum] / examples, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => DensitySums.Measure(evaluationSums, Parameters);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        MixtureRun best = Layout.BestRun(state.Doubles);
        double[] means = best.Means.ToArray(), divisors = [.. Enumerable.Range(0, _shape.Features).Select(preprocessing.Scaler.DivisorOf)];
        for (int i = 0; i < means.Length; i++) means[i] = (means[i] * divisors[i % divisors.Length]) + preprocessing.Scaler.OffsetOf(i % divisors.Length);
        double[] sums = new double[DensitySums.Length];
        DensitySums.Add(sums, best.LogLikelihood * Layout.Rows(state.Doubles), Layout.Rows(state.Doubles));
        return [
            LearnedNumbers.Vector("weights", best.Weights.ToArray()), LearnedNumbers.Matrix("means", _shape.Features, means),
            new LearnedNumbers("covariances", Form.Shape, Form.Whole(best.Covariances, divisors)),
            .. Measure(sums).Values.Select(figure => LearnedNumbers.Scalar(figure.Key.Replace('-', '_'), figure.Value))];
    }

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        const int shown = 7, componentsShown = 50;
        MixtureRun best = Layout.BestRun(state.Doubles);
        List<IReadOnlyList<string>> rows = [];
        for (int c = 0; c < Math.Min(componentsShown, Layout.Components); c++)
        {
            List<string> cells = [c.ToString(CultureInfo.InvariantCulture), best.Weights[c].ToString("F4", CultureInfo.InvariantCulture)];
            for (int f = 0; f < Math.Min(shown, _shape.Features); f++)
                cells.Add(best.Means[(c * _shape.Features) + f].ToString("G6", CultureInfo.InvariantCulture));
            rows.Add(cells);
        }
        return new ModelSummary(
            $"Gaussian mixture: {Layout.Components} components of {_shape.Features} features, {_options.Covariance} covariances",
            ["component", "weight", .. _shape.FeatureNames.Take(shown)], rows,
            [
                string.Create(CultureInfo.InvariantCulture, $"mean log-likelihood of the training rows {best.LogLikelihood:G12}, start {Layout.Best(state.Doubles)} of {Layout.Restarts}"),
                .. ModelSummary.OfScaled("means and log-likelihood", _spec.Data),
            ]);
    }

    private UpdateOutcome Choose(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        UpdateOutcome outcome = Start.Update(state, optimizerState, sum, step);
        Span<double> model = state.Doubles;
        if (++Layout.Steps(model) >= Layout.Components + LloydStepsMax || outcome.Converged)
        {
            Layout.Phase(model) = MixtureLayout.Assigning;
            Layout.Best(model) = model[KMeansLayout.Best];
            for (int restart = 0; restart < Layout.Restarts; restart++) Start.Layout.Run(model, restart).Centroids.CopyTo(Layout.Run(model, restart).Means);
        }
        return outcome with { Converged = false };
    }

    // The M-step of one start, or its end; whether it has ended.
    private bool Move(Span<double> model, MixtureRun run, MixturePart part, long step)
    {
        if (run.Settled != 0) return true;
        double rows = Layout.Rows(model);
        if (Layout.Phase(model) == MixtureLayout.Expecting)
        {
            double before = run.LogLikelihood;
            run.LogLikelihood = part.LogLikelihood / rows;
            if (Layout.Steps(model) > 0 && run.LogLikelihood - before <= _spec.Training.Tolerance) run.Settled = 1;
            if (run.Settled != 0) return true;
        }
        for (int c = 0; c < Layout.Components; c++)
        {
            double count = part.Counts[c];
            run.Weights[c] = count / rows;
            Span<double> shift = part.Firsts.Slice(c * Layout.Features, Layout.Features), mean = run.Means.Slice(c * Layout.Features, Layout.Features);
            for (int f = 0; f < shift.Length && count > 0; f++) mean[f] += shift[f] /= count;
        }
        Form.Estimate(part.Seconds, part.Counts, part.Firsts, _options.Regularize, run.Covariances);
        if (!DoubleVectors.AllFinite(run.Numbers)) throw new DivergedException(step, "Gaussian mixture", "parameters that are not", DivergedException.TooLarge);
        int flat = Form.Factor(run.Covariances, new double[Form.Length], new double[Layout.Components]);
        return flat < 0 ? false : throw new DivergedException(
            step, "Gaussian mixture", "covariances that have an inverse", $"component {flat}, which is flat",
            "raise model.regularize, lower model.components, scale the columns, or leave out those that depend on others");
    }

    private void KeepBest(Span<double> model)
    {
        int best = 0;
        for (int restart = 1; restart < Layout.Restarts; restart++)
            if (Layout.Run(model, restart).LogLikelihood > Layout.Run(model, best).LogLikelihood) best = restart;
        Layout.Best(model) = best;
    }
}

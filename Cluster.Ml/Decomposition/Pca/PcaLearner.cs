using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Decomposition.Pca;

/// <summary>Principal component analysis by the eigenvectors of the covariance matrix, in one step over all rows.</summary>
/// <remarks>
/// Objective    the k orthonormal directions v₁ … v_k from whose coordinates zⱼ = vⱼᵀ(x − m) rows are given back with the least Σ‖x − x̂‖²,
///              x̂ = m + Σ zⱼ·vⱼ: the eigenvectors of the k largest eigenvalues of Σ(x − m)(x − m)ᵀ / (n − 1), which are their variances
/// Assumptions  features on one scale, since directions follow what varies most
/// Shapes       state: see PcaState; contribution: see Scatter
/// Complexity   fit O(n·d² + d³), predict O(k·d) a row
/// Determinism  scatter in row order within a micro-batch, joined in the summation tree; in each direction the element of largest magnitude
///              is positive
/// Source       Jolliffe, Principal Component Analysis (2002), § 1.1 and 3.1; sums: Chan, Golub, LeVeque (1979)
/// Differs      from scikit-learn before 1.5 in the signs of directions; from singular values in that variances below about 1e-16 of the largest
///              are rounding errors
/// </remarks>
public sealed class PcaLearner : ILearner, ILearnedNumbers, IVectorOutput, IOnnxSource
{
    /// <summary>More columns than that, and the eigenvectors take minutes: O(d³) on one thread.</summary>
    public const int FeaturesMax = 2048;

    private readonly DataShape _shape;
    private readonly DataSpec _data;

    private PcaLearner(PcaOptions options, DataSpec data, DataShape shape)
    {
        (_data, _shape) = (data, shape);
        (Components, Whitens) = (options.Components, options.Whiten);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => PcaState.Length(Features, Components);

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => Scatter.Length(Features);

    /// <inheritdoc/>
    public int EvaluationLength => ReconstructionSums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames => [.. Enumerable.Range(1, Components).Select(j => $"component_{j}")];

    /// <summary>d.</summary>
    internal int Features => _shape.Features;

    /// <summary>k.</summary>
    internal int Components { get; }

    /// <summary>Whether coordinates are divided by their standard deviation.</summary>
    internal bool Whitens { get; }

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Components, whiten and solver are read from model.</param>
    /// <param name="shape">At least two training rows.</param>
    /// <exception cref="BadInputException">There are too many features, or fewer features or rows than components.</exception>
    public static PcaLearner Create(JobSpec spec, DataShape shape)
    {
        PcaOptions options = spec.Model.As<PcaOptions>();
        if (shape.Features > FeaturesMax)
            throw new BadInputException(spec.Data.Source, null, null, $"at most {FeaturesMax} features for {spec.Model.Kind}", $"{shape.Features}", "leave out columns with data.ignore");
        if (shape.TrainingExamples < 2)
            throw new BadInputException(spec.Data.Source, null, null, $"at least 2 training rows for {spec.Model.Kind}", $"{shape.TrainingExamples}", "add rows, or raise data.split.train");
        int most = Math.Min(shape.Features, shape.TrainingExamples);
        if (options.Components > most)
            throw new BadInputException(
                spec.Data.Source, null, null, $"at most {most} components of {shape.Features} features and {shape.TrainingExamples} training rows",
                $"{options.Components}", "lower model.components");
        return new PcaLearner(options, spec.Data, shape);
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => state.Clear();

    /// <inheritdoc/>
    public IContributor CreateContributor() => new PcaContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right) => new Scatter(left.Doubles, Features).Join(new Scatter(right.Doubles, Features));

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        if (!DoubleVectors.AllFinite(sum.Doubles)) throw new DivergedException(step.Step, "principal components", "sums that are not", DivergedException.TooLarge);
        Scatter scatter = new(sum.Doubles, Features);
        if (scatter.Rows < 2) return new UpdateOutcome(true, 0, (long)scatter.Rows);
        PcaState model = StateOf(state);
        double[] covariance = scatter.Covariance();
        (double[] values, double[] vectors) = MathLibrary.SymmetricEigen(covariance, Features);
        scatter.Mean.CopyTo(model.Mean);
        vectors.AsSpan(0, Components * Features).CopyTo(model.Components);
        (model.TotalVariance, model.Rows) = (0, scatter.Rows);
        for (int i = 0; i < Features; i++) model.TotalVariance += covariance[(i * Features) + i];
        double lost = model.TotalVariance;
        for (int j = 0; j < Components; j++)
        {
            model.Variances[j] = Math.Max(0, values[j]);        // of rows that depend on each other rounding may leave less than nothing
            lost -= model.Variances[j];
        }
        return new UpdateOutcome(true, Math.Max(0, lost) * (scatter.Rows - 1) / scatter.Rows, (long)scatter.Rows);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => ReconstructionSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        PcaState model = StateOf(state);
        (double[] shares, double[] singular, double[] mean) = (new double[Components], new double[Components], model.Mean.ToArray());
        for (int j = 0; j < Components; j++)
        {
            shares[j] = model.ShareOf(j);
            singular[j] = Math.Sqrt(model.Variances[j] * Math.Max(0, model.Rows - 1));
        }
        for (int i = 0; i < mean.Length; i++) mean[i] = (mean[i] * preprocessing.Scaler.DivisorOf(i)) + preprocessing.Scaler.OffsetOf(i);
        return
        [
            LearnedNumbers.Vector("explained_variance", model.Variances.ToArray()), LearnedNumbers.Vector("explained_variance_ratio", shares),
            LearnedNumbers.Matrix("components", Features, model.Components.ToArray()), LearnedNumbers.Vector("singular_values", singular),
            LearnedNumbers.Vector("mean", mean),
        ];
    }

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        const int shown = 8;
        PcaState model = StateOf(state);
        List<IReadOnlyList<string>> rows = [];
        double together = 0;
        for (int j = 0; j < Components; j++)
        {
            together += model.ShareOf(j);
            List<string> cells = [Text(j + 1), Text(model.Variances[j]), Text(model.ShareOf(j)), Text(together)];
            foreach (double loading in model.Component(j)[..Math.Min(shown, Features)]) cells.Add(Text(loading));
            rows.Add(cells);
        }
        return new ModelSummary(
            $"principal components: {Components} of {Features} features", ["component", "variance", "share", "together", .. _shape.FeatureNames.Take(shown)], rows,
            [
                $"variance of all features together {Text(model.TotalVariance)}",
                .. Whitens ? ["coordinates are divided by their standard deviation"] : Array.Empty<string>(),
                .. ModelSummary.OfScaled("variances and loadings", _data),
            ]);
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        PcaState pca = StateOf(state);
        OnnxGraph graph = model.Graph;
        string components = graph.Add("Transpose", [graph.Constant(OnnxTensor.Of(pca.Components, Components, Features))]);
        string coordinates = graph.Add("MatMul", [graph.Add("Sub", [model.Rows, model.Vector(pca.Mean)]), components]);
        if (Whitens)
        {
            double[] factors = pca.Variances.ToArray();
            for (int j = 0; j < factors.Length; j++) factors[j] = factors[j] > 0 ? 1 / Math.Sqrt(factors[j]) : 0;
            coordinates = graph.Add("Mul", [coordinates, model.Vector(factors)]);
        }
        model.OutputVector(OnnxModel.Coordinates, coordinates, OutputNames);
    }

    /// <summary>The parts of a state.</summary>
    internal PcaState StateOf(NumericBuffer state) => new(state.Doubles, Features, Components);

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}

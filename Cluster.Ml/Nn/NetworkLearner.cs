using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Export.Arrays;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Nn;

/// <summary>A network that follows gradients, of one objective or of several that alternate, with or without privacy.</summary>
/// <remarks>
/// Equation   contribution of step t = Σ gradients of objective t mod n over the examples, each scaled to norm ≤ C if training is private;
///            update: one <see cref="OptimizerStep"/> of the objective's optimizer
/// Shapes     state: all parameters, layer after layer, weights then biases, then the clipping norm if it follows a quantile; optimizer state: the optimizers' vectors, one after another, then <see cref="GradientCells"/>;
///            contribution: the gradient of all that is ever trained, the count of <see cref="AdaptiveClip"/> if there is one, then the step's statistics
/// Range      penalties act on weights alone. The noise of parameter i of step t depends on (secret, t, i) alone
/// Source     Abadi et al., "Deep Learning with Differential Privacy", CCS 2016, algorithm 1
/// </remarks>
public sealed class NetworkLearner : GradientLearner, IImageSource, IInputGradients, IOnnxSource, ITensorSource
{
    private readonly DataShape _shape;
    private PretrainedWeights? _start;

    private NetworkLearner(JobSpec spec, DataShape shape, NetworkModel model, double noiseMultiplier, PrivacySecret? secret)
        : base(new OptimizerStep(spec, model.LayOutSteps(keepsNorms: spec.Privacy is null, carried: spec.Privacy?.ClipQuantile is null ? 0 : 1), noiseMultiplier, secret))
    {
        (Spec, Model, _shape) = (spec, model, shape);
        CreateAugmentation();                                     // fails now rather than in the first step
        if (spec.Privacy is not null && model.Objectives.Select(objective => objective.Network.FirstWithoutRowNorms).FirstOrDefault(name => name is not null) is { } layer)
            throw new BadInputException(
                spec.Name, null, null, "layers whose gradient can be measured example by example, as the key 'privacy' needs", layer,
                "use another layer, or remove privacy");
    }

    /// <summary>The learner of a job whose kind is a network.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="shape">Sizes and class names of its data.</param>
    /// <param name="noiseMultiplier">Private training: the noise's standard deviation over the clipping norm, σ ≥ 0; else ignored.</param>
    /// <param name="secret">Private training: what noise is drawn from; null if no step is to be taken.</param>
    /// <exception cref="ArgumentException">The kind or optimizer is not known here, or does not fit the data.</exception>
    /// <exception cref="BadInputException">A layer does not fit the data or another layer, or cannot be trained privately.</exception>
    public static NetworkLearner Create(JobSpec spec, DataShape shape, double noiseMultiplier, PrivacySecret? secret = null)
    {
        if (!(noiseMultiplier >= 0 && double.IsFinite(noiseMultiplier)))
            throw new ArgumentOutOfRangeException(nameof(noiseMultiplier), noiseMultiplier, "NetworkLearner: wanted a finite noise multiplier of at least 0.");
        return new NetworkLearner(spec, shape, NetworkFactory.Build(spec, shape), noiseMultiplier, secret);
    }

    /// <inheritdoc/>
    public override int EvaluationLength => Model.Quality.Length;

    /// <inheritdoc/>
    public override bool PredictsByRowAlone => !Model.Quality.DrawsRandom;

    /// <inheritdoc/>
    public string? WithoutInputGradient => Model.Asked.Nodes.FirstOrDefault(node => node.Layer is { PropagatesGradient: false })?.Name;

    internal JobSpec Spec { get; }

    internal NetworkModel Model { get; }

    /// <inheritdoc/>
    public override void LoadStart()
    {
        if (Spec.Model.Options is NetworkOptions { StartFrom: { } path }) _start ??= PretrainedWeights.Read(path, Model.Layout);
    }

    /// <inheritdoc/>
    public override void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        Require(state, StateLength, "state");
        Require(optimizerState, OptimizerStateLength, "optimizerState");
        foreach (ParameterBlock block in Model.Layout.Blocks) block.Layer.Initialize(block.Of(state.Floats), Spec.Seed, block.Index);
        LoadStart();
        _start?.CopyTo(state.Floats);
        if (Spec.Privacy is { ClipQuantile: not null } privacy) state.Floats[^1] = (float)privacy.Clip;
        optimizerState.Clear();
    }

    /// <inheritdoc/>
    public override IContributor CreateContributor() => new NetworkContributor(this);

    /// <inheritdoc/>
    public IInputGradient CreateInputGradient(NumericBuffer state) => new NetworkInputGradient(this, state);

    /// <inheritdoc/>
    public override Metrics Measure(ReadOnlySpan<double> evaluationSums) => Model.Quality.Measure(evaluationSums);

    /// <inheritdoc/>
    public override ModelSummary Summarize(NumericBuffer state) => NetworkSummary.Of(Spec.Model.Kind, Model);

    /// <inheritdoc/>
    public Image? DrawSheet(NumericBuffer state, int across, int down, int? count = null, ulong? seed = null)
    {
        Require(state, StateLength, "state");
        return Model.Generator is { } generator && _shape.Image is { } image
            ? ImageSheet.Draw(Model, generator, image, state.Floats, seed ?? Spec.Seed, across, down, count ?? across * down)
            : null;
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state) => OnnxNetwork.Write(Spec.Name, Model, model, state.Floats);

    IReadOnlyList<NamedTensor> ITensorSource.Tensors(NumericBuffer state) => NetworkTensors.Of(Model.Layout, state);

    /// <summary>What changes training images, for one thread; null if nothing does.</summary>
    internal Augmentation? CreateAugmentation() =>
        Spec.Data.Augment is { } augment ? new Augmentation(augment, _shape, Spec.Seed, Spec.Name) : null;
}

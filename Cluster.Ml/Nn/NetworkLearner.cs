using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>A network of dense layers that follows gradients: mlp, softmax and logistic regression, with or without privacy.</summary>
/// <remarks>
/// Equation   contribution = Σ gradients over the examples, each scaled to norm ≤ C where training is private;
///            update: g = (sum + σ·C·N(0, 1)) / B + penalties, then the optimizer;
///            B is the number of examples that came, or the configured batch where training is private
/// Shapes     state: all parameters, layer after layer, weights then biases; memory: the optimizer's vectors, one after another;
///            contribution: the gradient, then the step's statistics
/// Range      penalties act on weights alone. The noise of parameter i of step t depends on (seed, t, i) alone
/// Source     Abadi et al., "Deep Learning with Differential Privacy", CCS 2016, algorithm 1
/// </remarks>
public sealed class NetworkLearner : ILearner
{
    private readonly NetworkUpdate _update;
    private readonly QualitySums _quality;

    private NetworkLearner(JobSpec spec, DataShape shape, Network network, double noiseMultiplier)
    {
        Spec = spec;
        Network = network;
        _quality = new QualitySums(network.Loss.Classifies ? shape.Classes.Count : 0);
        Optimizer optimizer = Optimizer.For(spec.Training.Optimizer);
        MemoryLength = checked(optimizer.MemoryPerParameter * network.ParameterCount);
        _update = new NetworkUpdate(spec, network, optimizer, noiseMultiplier);
    }

    /// <summary>The learner of a job of kind mlp, softmax or logistic.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="shape">Sizes and class names of its data.</param>
    /// <param name="noiseMultiplier">Private training: the noise's standard deviation over the clipping norm, σ ≥ 0; else ignored.</param>
    /// <exception cref="ArgumentException">The kind or optimizer is not known here, or does not fit the data.</exception>
    public static NetworkLearner Create(JobSpec spec, DataShape shape, double noiseMultiplier)
    {
        if (!(noiseMultiplier >= 0 && double.IsFinite(noiseMultiplier)))
            throw new ArgumentOutOfRangeException(nameof(noiseMultiplier), noiseMultiplier, "NetworkLearner: wanted a finite noise multiplier of at least 0.");
        return new NetworkLearner(spec, shape, NetworkPlan.Build(spec, shape), noiseMultiplier);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float32;

    /// <inheritdoc/>
    public int StateLength => Network.ParameterCount;

    /// <inheritdoc/>
    public int MemoryLength { get; }

    /// <inheritdoc/>
    public int ContributionLength => Network.ParameterCount + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => _quality.Length;

    /// <inheritdoc/>
    public bool FullBatch => false;

    internal JobSpec Spec { get; }

    internal Network Network { get; }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer memory)
    {
        Require(state, StateLength, "state");
        Require(memory, MemoryLength, "memory");
        for (int layer = 0; layer < Network.Layers.Count; layer++)
            Network.Layers[layer].Initialize(Network.Of(layer, state.Floats), Spec.Seed, layer);
        memory.Clear();
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new NetworkContributor(this, _quality);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer memory, NumericBuffer sum, in StepContext step)
    {
        Require(state, StateLength, "state");
        Require(memory, MemoryLength, "memory");
        Require(sum, ContributionLength, "sum");
        return _update.Apply(state.Floats, memory.Floats, sum.Floats, step);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => _quality.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state) => NetworkSummary.Of(Spec.Model.Kind, Network);

    internal static void Require(NumericBuffer buffer, int length, string name)
    {
        if (buffer.Kind != NumberKind.Float32 || buffer.Length != length)
            throw new ArgumentException($"NetworkLearner: {name}: wanted Float32[{length}], got {buffer.Kind}[{buffer.Length}].", nameof(buffer));
    }
}

using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>How strongly training would change each layer: if the norms shrink towards the first layers, the gradient vanishes.</summary>
/// <remarks>
/// Equation  ‖(1/n) Σᵢ ∂ℓᵢ/∂θ‖₂ for the weights and biases θ of each layer, over the first n training rows
/// Range     of a model of several objectives, the first one's; frozen layers are left out
/// Source    Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen" (1991); Glorot, Bengio, "Understanding the difficulty of
///           training deep feedforward neural networks", AISTATS 2010, § 4.2
/// </remarks>
public static class LayerGradients
{
    private const int ExamplesMax = 256;

    /// <summary>Measures a state.</summary>
    /// <param name="learner">The network.</param>
    /// <param name="state">Its parameters.</param>
    /// <param name="data">What it learns from.</param>
    /// <returns>The name and the norm of each layer, the first one first.</returns>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(NetworkLearner learner, NumericBuffer state, PreparedData data)
    {
        TrainingShard shard = data.Shard(0, 1);
        int[] rows = [.. Enumerable.Range(0, Math.Min(ExamplesMax, data.Shape.TrainingExamples))];
        NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
        learner.CreateContributor().Contribute(state, [new MicroBatch(shard, rows)], sum, new StepContext(0, 0, 1));
        return
        [
            .. learner.Model.Layout.Blocks.Where(block => !block.Frozen).Select(block => new KeyValuePair<string, double>(
                block.Name, Math.Sqrt(Reductions.SquaredNorm(block.GradientOf(sum.Floats))) / rows.Length)),
        ];
    }
}

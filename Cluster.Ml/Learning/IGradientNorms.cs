using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>A learner whose optimizer state tells how large the gradient of each layer was over the steps of an epoch.</summary>
/// <remarks>
/// Equation  norm of a step: ‖(c/n) Σᵢ ∂ℓᵢ/∂θ‖₂ over the n examples of the step, before penalties; c &lt; 1 if clip-norm shortened it
/// Range     the same for any number of workers and through any restart, as it is part of the optimizer state; no part of the model
/// </remarks>
public interface IGradientNorms
{
    /// <summary>The names of the layers that training changes, the first one first; none if norms must not be told.</summary>
    IReadOnlyList<string> GradientLayers { get; }

    /// <summary>The norms of the epoch that the last step was part of.</summary>
    /// <param name="optimizerState">The learner's optimizer state.</param>
    /// <returns>[layers × 2]: of each layer the root of the mean square over the steps that trained it, and the last; NaN if there were none.</returns>
    double[] GradientNorms(NumericBuffer optimizerState);
}

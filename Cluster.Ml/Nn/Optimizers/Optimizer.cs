using Cluster.Ml.Jobs;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>An update rule: how a gradient changes parameters and the memory beside them.</summary>
/// <remarks>
/// Shapes  parameters, gradient [n]; memory: <see cref="MemoryPerParameter"/> vectors, of which the same n places are given
/// Range   place i depends on place i alone, so a vector may be updated in parts
/// </remarks>
internal abstract class Optimizer
{
    /// <summary>Numbers kept for every parameter between steps: 0, 1 or 2.</summary>
    public abstract int MemoryPerParameter { get; }

    /// <summary>Updates a part of the parameters.</summary>
    /// <param name="parameters">[n], changed.</param>
    /// <param name="gradientSum">[n], the sum over examples.</param>
    /// <param name="first">[n] or empty: the first memory vector, changed.</param>
    /// <param name="second">[n] or empty: the second memory vector, changed.</param>
    /// <param name="rule">What turns the sum into the gradient, and which step this is.</param>
    public abstract void Update(
        Span<float> parameters, ReadOnlySpan<float> gradientSum, Span<float> first, Span<float> second, in UpdateRule rule);

    /// <summary>The optimizer that a job asks for.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Optimizer For(OptimizerSpec spec) => spec.Kind switch
    {
        "sgd" => new Sgd(spec.Rate, spec.Momentum),
        "adam" => new Adam(spec.Rate, spec.Beta1, spec.Beta2, spec.Epsilon),
        _ => throw new ArgumentException($"Optimizer: wanted sgd or adam, got {spec.Kind}.", nameof(spec)),
    };
}

/// <summary>How a sum over examples becomes the gradient of the mean loss with its penalties.</summary>
/// <remarks>Equation  g = sum·Scale + L1·sign(w) + 2·L2·w</remarks>
/// <param name="Step">Steps since the start of training, from 0.</param>
/// <param name="Scale">One over the number of examples.</param>
/// <param name="L1">Weight of the absolute values; 0 for biases.</param>
/// <param name="L2">Weight of the squares; 0 for biases.</param>
internal readonly record struct UpdateRule(long Step, float Scale, float L1, float L2);

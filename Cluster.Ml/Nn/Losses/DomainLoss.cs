using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Losses;

/// <summary>Cross-entropy of one output that says which domain a row is of: 0 if its target is known, 1 if it is not.</summary>
/// <remarks>
/// Equation  ℓ(z, d) = w_d·(max(z, 0) − z·d + log(1 + e^(−|z|))),  w₀ = 1, w₁ = n / n′: n rows with and n′ without a target weigh the same
/// Shapes    outputs [1]
/// Units     nats
/// Gradient  ∂ℓ/∂z = w_d·(σ(z) − d)
/// Source    Ganin et al., "Domain-Adversarial Training of Neural Networks", JMLR 17 (2016), eq. 9
/// </remarks>
/// <param name="otherWeight">w₁.</param>
internal sealed class DomainLoss(double otherWeight) : Loss
{
    private static readonly SigmoidCrossEntropy s_single = new();

    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        if (target.IsKnown) return s_single.Row(outputs, 0, gradient);
        double loss = s_single.Row(outputs, 1, gradient);
        Reductions.Scale(gradient, (float)otherWeight);
        return otherWeight * loss;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0] > 0 ? 1 : 0;
}

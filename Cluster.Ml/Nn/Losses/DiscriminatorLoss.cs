namespace Cluster.Ml.Nn.Losses;

/// <summary>Binary cross-entropy of a discriminator's outputs, each of which is wanted to say real (1) or false (0).</summary>
/// <remarks>
/// Equation  ℓ(z) = Σᵢ max(zᵢ, 0) − zᵢ·tᵢ + log(1 + e^(−|zᵢ|))
/// Shapes    outputs [n], one for each of the n wanted answers t
/// Units     nats
/// Gradient  ∂ℓ/∂zᵢ = σ(zᵢ) − tᵢ
/// Source    Goodfellow et al., "Generative Adversarial Nets", NIPS 2014, § 3; a generator wants t = 1, the form that does not saturate
/// </remarks>
internal sealed class DiscriminatorLoss(params double[] wanted) : Loss
{
    private static readonly SigmoidCrossEntropy s_single = new();

    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        double sum = 0;
        for (int i = 0; i < wanted.Length; i++)
            sum += s_single.Row(outputs.Slice(i, 1), wanted[i], gradient.IsEmpty ? default : gradient.Slice(i, 1));
        return sum;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0] > 0 ? 1 : 0;
}

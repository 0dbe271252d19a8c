using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Losses;

/// <summary>The Kullback-Leibler divergence of a Gaussian with independent parts from the standard normal distribution.</summary>
/// <remarks>
/// Equation  ℓ(μ, v) = −½ Σⱼ (1 + vⱼ − μⱼ² − e^vⱼ),  v = log σ²
/// Shapes    outputs (μ, v) [2·L], all means first
/// Units     nats; 0 if μ = 0 and v = 0, else above 0
/// Gradient  ∂ℓ/∂μⱼ = μⱼ;  ∂ℓ/∂vⱼ = ½ (e^vⱼ − 1)
/// Source    Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix B
/// </remarks>
internal sealed class GaussianDivergence : Loss
{
    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        int size = outputs.Length / 2;
        double sum = 0;
        for (int j = 0; j < size; j++)
        {
            float mean = outputs[j], logVariance = outputs[size + j], variance = StableMath.Exp(logVariance);
            sum += 1 + (double)logVariance - ((double)mean * mean) - variance;
            if (gradient.IsEmpty) continue;
            gradient[j] = mean;
            gradient[size + j] = 0.5f * (variance - 1);
        }
        return -0.5 * sum;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
}

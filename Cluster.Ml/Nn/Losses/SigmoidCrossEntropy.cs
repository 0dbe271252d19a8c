using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Losses;

/// <summary>Cross-entropy between the logistic function of one output and a class that is 0 or 1.</summary>
/// <remarks>
/// Equation  ℓ(z, t) = max(z, 0) − z·t + log(1 + e^(−|z|))
/// Shapes    outputs [1], target 0 or 1
/// Units     nats
/// Gradient  ∂ℓ/∂z = σ(z) − t
/// Range     finite for every finite z
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.2.2.2
/// </remarks>
internal sealed class SigmoidCrossEntropy : Loss
{
    public override bool Classifies => true;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        double z = outputs[0], t = StableMath.Exp(-Math.Abs(z));
        if (!gradient.IsEmpty) gradient[0] = (float)(StableMath.Sigmoid(z) - target.Value);
        return (z > 0 ? z : z < 0 ? 0 : z) - (z * target.Value) + LogOfOnePlus(t);
    }

    public override bool WriteOnnx(OnnxModel model, string outputs)
    {
        model.OutputLogOdds(outputs);
        return true;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores)
    {
        if (!scores.IsEmpty)
        {
            scores[0] = StableMath.Sigmoid(-(double)outputs[0]);
            scores[1] = StableMath.Sigmoid((double)outputs[0]);
        }
        return outputs[0] > 0 ? 1 : 0;
    }

    // The rounding of 1 + t is divided out again (Kahan); without it, small t would lose all their digits.
    private static double LogOfOnePlus(double t)
    {
        double sum = 1 + t;
        return sum == 1 ? t : StableMath.Log(sum) * (t / (sum - 1));
    }
}

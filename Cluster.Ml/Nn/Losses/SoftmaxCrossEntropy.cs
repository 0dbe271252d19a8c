using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Losses;

/// <summary>Cross-entropy between the softmax of a row's outputs and its class.</summary>
/// <remarks>
/// Equation  ℓ = log Σⱼ exp(zⱼ − m) − (zₜ − m),  m = maxⱼ zⱼ
/// Shapes    outputs [k], target a class index in [0, k)
/// Units     nats
/// Gradient  ∂ℓ/∂zⱼ = softmax(z)ⱼ − [j = t]
/// Range     finite for all finite outputs; a shift of all outputs changes nothing but rounding
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.2.2.3
/// </remarks>
internal sealed class SoftmaxCrossEntropy : Loss
{
    private const int StackNumbers = 1024;

    public override bool Classifies => true;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        Span<float> exponentials = gradient.IsEmpty
            ? outputs.Length <= StackNumbers ? stackalloc float[outputs.Length] : new float[outputs.Length]
            : gradient;
        int wanted = (int)target.Value;
        float max = outputs[Reductions.IndexOfMax(outputs)], distance = outputs[wanted] - max;
        float sum = Exponentials(outputs, max, exponentials);
        if (!gradient.IsEmpty)
        {
            for (int j = 0; j < gradient.Length; j++) gradient[j] /= sum;
            gradient[wanted] -= 1;
        }
        return StableMath.Log((double)sum) - distance;
    }

    public override bool WriteOnnx(OnnxModel model, string outputs)
    {
        model.OutputClass(model.IndexOfMost(outputs), model.Graph.Add("Softmax", [outputs]));
        return true;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores)
    {
        int best = Reductions.IndexOfMax(outputs);
        if (scores.IsEmpty) return best;
        double sum = 0;
        for (int j = 0; j < outputs.Length; j++) sum += scores[j] = StableMath.Exp((double)outputs[j] - outputs[best]);
        for (int j = 0; j < scores.Length; j++) scores[j] /= sum;
        return best;
    }

    private static float Exponentials(ReadOnlySpan<float> outputs, float max, Span<float> exponentials)
    {
        for (int j = 0; j < outputs.Length; j++) exponentials[j] = outputs[j] - max;
        StableMath.Exp(exponentials, exponentials);
        return Reductions.Sum(exponentials);
    }
}

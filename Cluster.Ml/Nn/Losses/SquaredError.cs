using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Losses;

/// <summary>The square of the difference between the one output and a value.</summary>
/// <remarks>
/// Equation  ℓ = (y − t)²
/// Shapes    outputs [1], target any number
/// Units     the target's, squared
/// Gradient  ∂ℓ/∂y = 2·(y − t)
/// Source    Bishop, Pattern Recognition and Machine Learning (2006), § 1.5.5
/// </remarks>
internal sealed class SquaredError : Loss
{
    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        double error = outputs[0] - target.Value;
        if (!gradient.IsEmpty) gradient[0] = (float)(2 * error);
        return error * error;
    }

    public override bool WriteOnnx(OnnxModel model, string outputs)
    {
        model.OutputNumber(model.Graph.Reshape(outputs));
        return true;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
}

using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Losses;

/// <summary>Rosenblatt's rule: an example on the wrong side pulls the line towards it, one on the right side does nothing.</summary>
/// <remarks>
/// Equation  ℓ(z, t) = max(0, −s·z),  s = +1 for class 1 and −1 for class 0; the class is the Heaviside step of z: 1 if z > 0
/// Shapes    outputs [1], target 0 or 1
/// Gradient  ∂ℓ/∂z = −s if s·z ≤ 0, else 0: with a rate of 1 and one example a step, w ← w + s·x
/// Range     at z = 0, which the Heaviside step leaves undecided, the example counts as wrong
/// Source    Rosenblatt, "The Perceptron", Psychological Review 65 (1958); Bishop, Pattern Recognition and Machine Learning (2006), § 4.1.7
/// </remarks>
internal sealed class PerceptronCriterion : Loss
{
    public override bool Classifies => true;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        double side = target.Value == 1 ? 1 : -1, margin = side * outputs[0];
        if (!gradient.IsEmpty) gradient[0] = margin > 0 ? 0 : (float)-side;
        return margin > 0 ? 0 : -margin;
    }

    public override bool WriteOnnx(OnnxModel model, string outputs)
    {
        string said = model.Above(outputs), second = model.Graph.Reshape(model.Graph.Cast(said, OnnxType.Double), 1);
        string first = model.Graph.Add("Sub", [model.Vector([1]), second]);
        model.OutputClass(said, model.Graph.Add("Concat", [first, second], OnnxAttribute.Of("axis", 1)));
        return true;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores)
    {
        double said = outputs[0] > 0 ? 1 : 0;
        if (!scores.IsEmpty)
        {
            scores[0] = 1 - said;
            scores[1] = said;
        }
        return said;
    }
}

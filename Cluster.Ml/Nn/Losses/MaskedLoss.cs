using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Losses;

/// <summary>A loss of the rows whose target is known; the others cost nothing.</summary>
/// <remarks>
/// Equation  ℓ(y, t) = inner(y, t) if t is known, else 0
/// Gradient  the inner one, or 0
/// Source    Ganin et al., "Domain-Adversarial Training of Neural Networks", JMLR 17 (2016), eq. 9: the label's loss sums over the rows
///           of the source domain alone, the domain's over all
/// </remarks>
internal sealed class MaskedLoss(Loss inner) : Loss
{
    public override bool Classifies => inner.Classifies;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        if (target.IsKnown) return inner.Row(outputs, target, gradient);
        gradient.Clear();
        return 0;
    }

    public override bool WriteOnnx(OnnxModel model, string outputs) => inner.WriteOnnx(model, outputs);

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => inner.Predict(outputs, scores);
}

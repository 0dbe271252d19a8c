namespace Cluster.Ml.Nn.Losses;

/// <summary>A tensor that is looked at and costs nothing.</summary>
/// <remarks>
/// Equation  ℓ(y, t) = 0
/// Gradient  0
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.5.6, algorithm 6.5: what is no ancestor of the cost has no gradient
/// </remarks>
internal sealed class ZeroLoss : Loss
{
    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        gradient.Clear();
        return 0;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
}

namespace Cluster.Ml.Nn.Losses;

/// <summary>A tensor that is looked at and costs nothing.</summary>
internal sealed class Observed : Loss
{
    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        gradient.Clear();
        return 0;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
}

using Cluster.Ml.Custom;

namespace Cluster.Ml.Tests.Custom;

/// <summary>y = w ⊙ x, as a program would write it.</summary>
internal sealed class ProductLayer(int inputs) : CustomLayer(inputs, inputs)
{
    public override int Weights => Inputs;

    public override void Start(Span<float> weights, Func<double> normal)
    {
        for (int i = 0; i < weights.Length; i++) weights[i] = (float)normal();
    }

    public override void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * weights[i];
    }

    public override void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> dx)
    {
        for (int i = 0; i < x.Length; i++) dx[i] = dy[i] * weights[i];
    }

    public override void AddGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> gradient)
    {
        for (int i = 0; i < x.Length; i++) gradient[i] += dy[i] * x[i];
    }
}

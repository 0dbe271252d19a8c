using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>Shares that add up to one along the last axis.</summary>
/// <remarks>
/// Equation  yⱼ = e^(xⱼ − m) / Σₖ e^(xₖ − m),  m = maxₖ xₖ
/// Shapes    x [N, …, I] → y [N, …, I]
/// Gradient  ∂L/∂xⱼ = yⱼ·(∂L/∂yⱼ − Σₖ yₖ·∂L/∂yₖ)
/// Range     any finite x
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.2.2.3
/// Differs   from the output layer of a classifier, whose loss has the softmax within it
/// </remarks>
internal sealed class Softmax(TensorShape shape) : Layer(shape, shape)
{
    /// <summary>What the job file calls it among activations.</summary>
    public const string ActivationName = "softmax";

    private readonly int _width = shape.Last;
    private readonly float[] _noBias = new float[shape.Last];

    public override string Name => ActivationName;

    public override bool ReadsInputBackward => false;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) => graph.Add("Softmax", [input]);

    public override void Forward(in LayerPass pass)
    {
        pass.Input.CopyTo(pass.Output);
        for (int at = 0; at < pass.Output.Length; at += _width) SoftmaxRows.Normalize(pass.Output.Slice(at, _width), _noBias);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        for (int at = 0; at < pass.Output.Length; at += _width)
        {
            ReadOnlySpan<float> y = pass.Output.Slice(at, _width), dy = pass.OutputGradient.Slice(at, _width);
            Span<float> dx = pass.InputGradient.Slice(at, _width);
            float mean = Reductions.Dot(y, dy);
            for (int j = 0; j < _width; j++) dx[j] = y[j] * (dy[j] - mean);
        }
    }
}

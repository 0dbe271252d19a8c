using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>Adds Gaussian noise to each input while training.</summary>
/// <remarks>
/// Equation    y = x + σ·ε,  ε ~ N(0, 1)
/// Shapes      x [N, I] → y [N, I]
/// Gradient    ∂L/∂x = ∂L/∂y
/// Train/Eval  not training: y = x
/// Range       ε depends on (seed, step, example, unit) alone
/// Source      Vincent et al., "Stacked Denoising Autoencoders", JMLR 11 (2010), § 3.3
/// </remarks>
internal sealed class GaussianNoise(TensorShape shape, double deviation) : Layer(shape, shape)
{
    public override string Name => FormattableString.Invariant($"noise {deviation}");

    public override int RandomPerRow => Inputs;

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) => input;

    public override void Forward(in LayerPass pass)
    {
        if (pass.Random is not { Training: true } random)
        {
            pass.Input.CopyTo(pass.Output);
            return;
        }
        for (int row = 0; row < pass.Rows; row++)
        {
            Span<float> y = pass.Output.Slice(row * Inputs, Inputs);
            random.FillGaussian(row, pass.FirstUnit, y);
            Reductions.Scale(y, (float)deviation);
            Reductions.Add(pass.Input.Slice(row * Inputs, Inputs), y);
        }
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) pass.OutputGradient.CopyTo(pass.InputGradient);
    }
}

using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>The mean of the numbers under a window, channel by channel.</summary>
/// <remarks>
/// Equation  y(i, j, c) = Σ x / n over the window's n pixels that lie in the image
/// Shapes    x [N, H, W, C] → y [N, H′, W′, C], see <see cref="WindowShape"/>
/// Gradient  ∂L/∂x = ∂L/∂y / n, summed over the windows above a pixel
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 9.3
/// Differs   from a mean that counts the zeros of the padding
/// </remarks>
internal sealed class AveragePooling2D(TensorShape input, WindowShape window)
    : Layer(input, TensorShape.Of(window.OutputHeight, window.OutputWidth, window.Channels))
{
    public override string Name => FormattableString.Invariant($"mean-pool {window.WindowHeight}x{window.WindowWidth}");

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override void Forward(in LayerPass pass) => Pooling.MeanForward(window, pass.Input, pass.Output);

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) Pooling.MeanBackward(window, pass.OutputGradient, pass.InputGradient);
    }
}

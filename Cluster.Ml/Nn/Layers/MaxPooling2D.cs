using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>The largest number under a window, channel by channel.</summary>
/// <remarks>
/// Equation  y(i, j, c) = max x over the window's pixels that lie in the image
/// Shapes    x [N, H, W, C] → y [N, H′, W′, C], see <see cref="WindowShape"/>
/// Gradient  goes to the largest, of equals to the first by rows
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 9.3
/// </remarks>
internal sealed class MaxPooling2D(TensorShape input, WindowShape window)
    : Layer(input, TensorShape.Of(window.OutputHeight, window.OutputWidth, window.Channels))
{
    public override string Name => FormattableString.Invariant($"max-pool {window.WindowHeight}x{window.WindowWidth}");

    public override int SavedPerRow => Outputs;

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override void Forward(in LayerPass pass) => Pooling.MaxForward(window, pass.Input, pass.Output, pass.SavedForBackward);

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) Pooling.MaxBackward(window, pass.OutputGradient, pass.SavedForBackward, pass.InputGradient);
    }
}

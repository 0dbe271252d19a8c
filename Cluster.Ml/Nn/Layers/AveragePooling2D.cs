using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about the mean of the numbers under a window.</summary>
/// <param name="Window">The window's size and steps.</param>
public sealed record AveragePoolingOptions(WindowSpec Window) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("average-pool", "the mean of the numbers under a window, channel by channel", WindowSpec.Declare(
        new KeySet<AveragePoolingOptions>(new(new WindowSpec(2, 2, 0, false))), "average-pool", o => o.Window, (o, value) => o with { Window = value },
        stride: "the window's rows", required: true)
        .Complete((_, o) => o with { Window = o.Window.WithStride() }));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override bool? SeesImages => true;

    internal override Layer Create(TensorShape input) => new AveragePooling2D(input, Window.Over(input, Kind));
}

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
    public override string Name => FormattableString.Invariant($"average-pool {window.WindowHeight}x{window.WindowWidth}");

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    // Without count_include_pad the zeros of the padding are not counted.
    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) =>
        OnnxImages.ChannelsLast(graph, graph.Add("AveragePool", [OnnxImages.ChannelsFirst(graph, input)], OnnxImages.Window(window)));

    public override void Forward(in LayerPass pass) => Pooling.MeanForward(window, pass.Input, pass.Output);

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) Pooling.MeanBackward(window, pass.OutputGradient, pass.InputGradient);
    }
}

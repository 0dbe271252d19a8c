using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about the largest number under a window.</summary>
/// <param name="Window">The window's size and steps.</param>
public sealed record MaxPoolingOptions(WindowSpec Window) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("max-pool", "the largest number under a window, channel by channel", WindowSpec.Declare(
        new KeySet<MaxPoolingOptions>(new(new WindowSpec(2, 2, 0, false))), "max-pool", o => o.Window, (o, value) => o with { Window = value },
        stride: "the window's rows", required: true)
        .Complete((_, o) => o with { Window = o.Window.WithStride() }));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override bool? SeesImages => true;

    internal override Layer Create(TensorShape input) => new MaxPooling2D(input, Window.Over(input, Kind));
}

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

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) =>
        OnnxImages.ChannelsLast(graph, graph.Add("MaxPool", [OnnxImages.ChannelsFirst(graph, input)], OnnxImages.Window(window)));

    public override void Forward(in LayerPass pass) => Pooling.MaxForward(window, pass.Input, pass.Output, pass.SavedForBackward);

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) Pooling.MaxBackward(window, pass.OutputGradient, pass.SavedForBackward, pass.InputGradient);
    }
}

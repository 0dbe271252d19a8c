using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about filters that slide over images.</summary>
/// <param name="Filters">Channels going out.</param>
/// <param name="Window">The filters' size and steps.</param>
/// <param name="Activation">The function after the linear part.</param>
public sealed record ConvolutionOptions(int Filters, WindowSpec Window, string Activation) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("conv", "filters that slide over images", WindowSpec.Declare(
            new KeySet<ConvolutionOptions>(new(32, new WindowSpec(3, 3, 1, false), Relu.Declared.Name))
                .Whole("conv", "Filters: channels going out.", o => o.Filters, (o, value) => o with { Filters = value }, 1, JobDefaults.UnitsMax).Required("32"),
            "size", o => o.Window, (o, value) => o with { Window = value }, stride: "1", required: false)
        .Activation(o => o.Activation, (o, value) => o with { Activation = value })
        .WeightInitializer(o => o.Initializer, (o, value) => o with { Initializer = value }));

    /// <summary>How its weights start; null for what suits the activation.</summary>
    public string? Initializer { get; init; }

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override bool? SeesImages => true;

    internal override Layer Create(TensorShape input)
    {
        Activation activation = ActivationRegistry.Of(Activation);
        return new Convolution2D(input, Window.Over(input, Kind), Filters, activation, Initializers.Initializer.Named(Initializer, activation));
    }
}

/// <summary>Filters that slide over images, with their activation; with filters of one pixel, a dense layer at every pixel.</summary>
/// <remarks>
/// Equation    y(i, j, o) = f(Σ x(i·s + u − p, j·s + v − q, c)·W(u, v, c, o) + b(o)) over u, v, c
/// Shapes      x [N, H, W, C] → y [N, H′, W′, O], see <see cref="WindowShape"/>; W [u·v·C, O] by rows, then b [O]
/// Gradient    δ = ∂L/∂y ⊙ f′; ∂L/∂b = Σ δ over places; ∂L/∂W and ∂L/∂x as in <see cref="ImageConvolution"/>
/// Parameters  W: by default He normal before (leaky) ReLU, else Glorot uniform, of u·v·C inputs and u·v·O outputs; b: zero
/// Norms       by pairs of places or by forming one example's gradient, whichever costs less (<see cref="ConvolutionNorms"/>)
/// Source      LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998), § II
/// </remarks>
internal sealed class Convolution2D(TensorShape input, WindowShape window, int filters, Activation activation, Initializer start)
    : Layer(input, TensorShape.Of(window.OutputHeight, window.OutputWidth, filters))
{
    public override string Name => FormattableString.Invariant($"conv {filters} {window.WindowHeight}x{window.WindowWidth}");

    /// <summary>The function after the linear part.</summary>
    public Activation Activation => activation;

    public override int WeightCount => checked(window.PatchLength * filters);

    public override int ParameterCount => checked(WeightCount + filters);

    public override bool HasRowNorms => true;

    public override bool PropagatesGradient => activation.IsDifferentiable;

    public override bool Learns => activation.IsDifferentiable;

    public override void Initialize(Span<float> parameters, ulong seed, int layer)
    {
        int pixels = window.WindowHeight * window.WindowWidth;
        start.Fill(parameters[..WeightCount], window.PatchLength, pixels * filters, seed, layer);
        parameters[WeightCount..].Clear();
    }

    public override IReadOnlyList<LayerTensor> Tensors =>
        [new("weight", [window.WindowHeight, window.WindowWidth, window.Channels, filters]), new("bias", [filters])];

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters)
    {
        string weights = graph.Constant(OnnxTensor.Of(parameters[..WeightCount], window.WindowHeight, window.WindowWidth, window.Channels, filters));
        weights = graph.Add("Transpose", [weights], OnnxAttribute.Of("perm", [3, 2, 0, 1]));
        string sums = graph.Add("Conv", [OnnxImages.ChannelsFirst(graph, input), weights, graph.Constant(OnnxTensor.Of(parameters[WeightCount..], filters))], OnnxImages.Window(window));
        return OnnxImages.ChannelsLast(graph, activation.Onnx(graph, sums));
    }

    // A few images at a time, so that their outputs are still near when the activation comes.
    public override void Forward(in LayerPass pass)
    {
        int most = ImageConvolution.ImagesAtATime(window, filters);
        for (int row = 0; row < pass.Rows; row += most)
        {
            int rows = Math.Min(most, pass.Rows - row);
            Span<float> output = pass.Output.Slice(row * Outputs, rows * Outputs);
            ImageConvolution.Forward(window, filters, pass.Input.Slice(row * Inputs, rows * Inputs), WeightsOf(pass), output, pass.Workspace);
            activation.Forward(output, pass.Parameters[WeightCount..]);
        }
    }

    public override void BackwardInput(in LayerPass pass)
    {
        activation.Backward(pass.Output, pass.OutputGradient);
        if (!pass.InputGradient.IsEmpty)
            ImageConvolution.BackwardInput(window, filters, pass.OutputGradient, WeightsOf(pass), pass.InputGradient, pass.Workspace);
    }

    public override void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        ImageConvolution.BackwardFilters(window, filters, pass.Input, pass.OutputGradient, ends, gradient[..WeightCount], pass.Workspace);
        Span<int> placeEnds = stackalloc int[ends.Length];
        for (int i = 0; i < ends.Length; i++) placeEnds[i] = ends[i] * window.Positions;
        SegmentedSum.SumRows(pass.OutputGradient, filters, placeEnds, gradient[WeightCount..]);
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms) =>
        ConvolutionNorms.AddSquaredNorms(window, filters, pass.Input, pass.OutputGradient, squaredNorms[..pass.Rows], pass.Workspace);

    public override void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors)
    {
        for (int row = 0; row < pass.Rows; row++)
            if (factors[row] != 1) Reductions.Scale(pass.OutputGradient.Slice(row * Outputs, Outputs), factors[row]);
    }

    private ReadOnlySpan<float> WeightsOf(in LayerPass pass) => pass.Parameters[..WeightCount];
}

using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about a fully connected layer.</summary>
/// <param name="Units">Outputs.</param>
/// <param name="Activation">The function after the linear part.</param>
public sealed record DenseOptions(int Units, string Activation) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("dense", "a fully connected layer", new KeySet<DenseOptions>(new(64, Relu.Declared.Name))
        .Whole("dense", "Outputs.", o => o.Units, (o, value) => o with { Units = value }, 1, JobDefaults.UnitsMax, unit: "units").Required("64")
        .Activation(o => o.Activation, (o, value) => o with { Activation = value })
        .WeightInitializer(o => o.Initializer, (o, value) => o with { Initializer = value }));

    /// <summary>How its weights start; null for what suits the activation.</summary>
    public string? Initializer { get; init; }

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override Layer Create(TensorShape input)
    {
        Activation activation = ActivationRegistry.Of(Activation);
        return new Dense(input, Units, activation, Initializers.Initializer.Named(Initializer, activation));
    }
}

/// <summary>A fully connected layer with its activation, applied alike to every position of the axes before the last.</summary>
/// <remarks>
/// Equation    y = f(x·W + b)
/// Shapes      x [N, …, I] → y [N, …, O]; W [I, O] by rows, then b [O]
/// Gradient    δ = ∂L/∂y ⊙ f′;  ∂L/∂W = Σ xᵀδ and ∂L/∂b = Σ δ over rows and positions;  ∂L/∂x = δ·Wᵀ
/// Parameters  W: by default He normal before (leaky) ReLU, else Glorot uniform; b: zero
/// Norms       one example's squared gradient norm is Σ (x_s·x_t + 1)(δ_s·δ_t) over pairs of its positions s, t
/// Source      Goodfellow, "Efficient Per-Example Gradient Computations" (2015), for the norms of one position;
///             Rochette, Manoel, Tramel, "Efficient Per-Example Gradient Computations in Convolutional Neural Networks" (2019) for several
/// </remarks>
internal sealed class Dense(TensorShape input, int units, Activation activation, Initializer start)
    : Layer(input, input.WithLast(units))
{
    private readonly int _width = input.Last;
    private readonly int _positions = input.Count / input.Last;

    public override string Name => $"dense {units}";

    /// <summary>The function after the linear part.</summary>
    public Activation Activation => activation;

    public override int WeightCount => checked(_width * units);

    public override int ParameterCount => checked(WeightCount + units);

    public override bool HasRowNorms => true;

    public override bool PropagatesGradient => activation.IsDifferentiable;

    public override bool Learns => activation.IsDifferentiable;

    public override void Initialize(Span<float> parameters, ulong seed, int layer)
    {
        start.Fill(parameters[..WeightCount], _width, units, seed, layer);
        parameters[WeightCount..].Clear();
    }

    public override IReadOnlyList<LayerTensor> Tensors => [new("weight", [_width, units]), new("bias", [units])];

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters)
    {
        string weights = graph.Constant(OnnxTensor.Of(parameters[..WeightCount], _width, units)), bias = graph.Constant(OnnxTensor.Of(parameters[WeightCount..], units));
        return activation.Onnx(graph, graph.Add("Add", [graph.Add("MatMul", [input, weights]), bias]));
    }

    public override void Forward(in LayerPass pass)
    {
        MatrixProduct.Multiply(InputOf(pass), WeightsOf(pass), pass.Output, pass.Workspace);
        activation.Forward(pass.Output, pass.Parameters[WeightCount..]);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        activation.Backward(pass.Output, pass.OutputGradient);
        if (!pass.InputGradient.IsEmpty) MatrixProduct.Multiply(DeltaOf(pass), WeightsOf(pass).Transposed, pass.InputGradient, pass.Workspace);
    }

    public override void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        Span<int> positionEnds = stackalloc int[ends.Length];
        for (int i = 0; i < ends.Length; i++) positionEnds[i] = ends[i] * _positions;
        MatrixProduct.MultiplyTree(InputOf(pass).Transposed, DeltaOf(pass), positionEnds, gradient[..WeightCount], pass.Workspace);
        SegmentedSum.SumRows(pass.OutputGradient, units, positionEnds, gradient[WeightCount..]);
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms)
    {
        for (int row = 0; row < pass.Rows; row++)
        {
            ReadOnlySpan<float> x = pass.Input.Slice(row * Inputs, Inputs), delta = pass.OutputGradient.Slice(row * Outputs, Outputs);
            for (int s = 0; s < _positions; s++)
            {
                ReadOnlySpan<float> xs = x.Slice(s * _width, _width), deltaS = delta.Slice(s * units, units);
                squaredNorms[row] += (Reductions.SquaredNorm(xs) + 1) * Reductions.SquaredNorm(deltaS);
                for (int t = s + 1; t < _positions; t++)
                    squaredNorms[row] += 2 * (Reductions.Dot(xs, x.Slice(t * _width, _width)) + 1) * Reductions.Dot(deltaS, delta.Slice(t * units, units));
            }
        }
    }

    public override void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors)
    {
        for (int row = 0; row < pass.Rows; row++)
            if (factors[row] != 1) Reductions.Scale(pass.OutputGradient.Slice(row * Outputs, Outputs), factors[row]);
    }

    private MatrixView<float> InputOf(in LayerPass pass) => new(pass.Input, pass.Rows * _positions, _width);

    private MatrixView<float> DeltaOf(in LayerPass pass) => new(pass.OutputGradient, pass.Rows * _positions, units);

    private MatrixView<float> WeightsOf(in LayerPass pass) => new(pass.Parameters[..WeightCount], _width, units);
}

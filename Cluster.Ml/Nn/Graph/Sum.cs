using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Graph;

/// <summary>What a job says about branches of one shape that are added up.</summary>
/// <param name="Branches">What comes together, in order.</param>
public sealed record SumOptions(IReadOnlyList<BranchSpec> Branches) : JoinOptions(Branches)
{
    internal static readonly NamedChoice Declared = Declare<SumOptions>(
        "sum", "adds branches up", new(new ValueList<BranchSpec>([])), (o, value) => o with { Branches = value });

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override bool Projects => true;

    internal override Join Joined(IReadOnlyList<TensorShape> shapes) => new Sum(shapes);
}

/// <summary>Inputs of one shape, added up in order.</summary>
/// <remarks>
/// Equation  y = ((x₀ + x₁) + x₂) + …
/// Gradient  ∂L/∂xᵢ = ∂L/∂y
/// Source    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, § 3.2
/// </remarks>
internal sealed class Sum(IReadOnlyList<TensorShape> inputs) : Join(inputs, Same(inputs))
{
    public override string Name => "sum";

    public override void Forward(int port, int rows, ReadOnlySpan<float> input, Span<float> output)
    {
        if (port == 0)
            input.CopyTo(output);
        else
            Numerics.Reductions.Add(input, output);
    }

    public override string? WriteOnnx(OnnxGraph graph, IReadOnlyList<string> inputs) => inputs.Aggregate((sum, input) => graph.Add("Add", [sum, input]));

    public override void Backward(int port, int rows, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        outputGradient.CopyTo(inputGradient);

    private static TensorShape Same(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape first = Some("sum", inputs)[0];
        return inputs.FirstOrDefault(shape => !shape.Equals(first)) is { } other
            ? throw new ArgumentException($"Network: sum: wanted inputs of one shape, got {first} and {other}.", nameof(inputs))
            : first;
    }
}

using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about the same numbers in another shape.</summary>
/// <param name="Sizes">Height, width and channels.</param>
public sealed record ReshapeOptions(IReadOnlyList<int> Sizes) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("reshape", "the same numbers as images", new KeySet<ReshapeOptions>(new(new ValueList<int>([1, 1, 1])))
        .Sizes(
            "reshape", "Height, width and channels.", o => o.Sizes, (o, value) => o with { Sizes = value }, 3, JobDefaults.UnitsMax,
            "[ 28, 28, 1 ]: height, width, channels").Required("[ 28, 28, 1 ]"));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override Layer Create(TensorShape input) => new Reshape(input, TensorShape.Of([.. Sizes]));
}

/// <summary>What a job says about images as numbers in a row.</summary>
public sealed record FlattenOptions : LayerSpec
{
    internal static readonly NamedChoice Declared = new("flatten", "images as numbers in a row", new KeySet<FlattenOptions>(new())
        .Flag("flatten", "Always true.", _ => true, (o, value) => o with { Off = !value }).Written(_ => true).Required("true")
        .Check((map, o) =>
        {
            if (o.Off) map.Error("flatten", "true", "write { flatten: true }, or remove the layer");
        }));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    private bool Off { get; init; }

    internal override Layer Create(TensorShape input) => new Reshape(input, TensorShape.Of(input.Count));
}

/// <summary>The same numbers in another shape: images as numbers in a row, or the other way round.</summary>
/// <remarks>
/// Equation  y = x
/// Shapes    x [N, …] → y [N, …] of as many numbers
/// Gradient  ∂L/∂x = ∂L/∂y
/// Source    Harris et al., "Array Programming with NumPy", Nature 585 (2020), "NumPy arrays": a shape beside the numbers, the last axis fastest
/// </remarks>
internal sealed class Reshape(TensorShape input, TensorShape output) : Layer(input, Fit(input, output))
{
    public override string Name => OutputShape.Rank == 1 ? "flatten" : "reshape";

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) =>
        graph.Reshape(input, [.. Enumerable.Range(0, OutputShape.Rank).Select(axis => (long)OutputShape[axis])]);

    public override void Forward(in LayerPass pass) => pass.Input.CopyTo(pass.Output);

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    private static TensorShape Fit(TensorShape input, TensorShape output) => input.Count == output.Count
        ? output
        : throw new ArgumentException($"reshape: wanted a shape of {input.Count} numbers for an input of {input}, got {output}.", nameof(output));
}

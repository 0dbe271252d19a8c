using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Graph;

/// <summary>What a job says about branches that are put side by side along the last axis.</summary>
/// <param name="Branches">What comes together, in order.</param>
public sealed record ConcatenationOptions(IReadOnlyList<BranchSpec> Branches) : JoinOptions(Branches)
{
    internal static readonly NamedChoice Declared = Declare<ConcatenationOptions>(
        "concat", "puts branches side by side along the last axis", new(new ValueList<BranchSpec>([])), (o, value) => o with { Branches = value });

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override Join Joined(IReadOnlyList<TensorShape> shapes) => new Concatenation(shapes);
}

/// <summary>Inputs put side by side along the last axis: channels of images, features of moments.</summary>
/// <remarks>
/// Equation  y[…, c] = xᵢ[…, c − cᵢ],  cᵢ the sum of the last sizes of the inputs before i
/// Shapes    inputs equal but for the last size; output: the sum of the last sizes
/// Gradient  ∂L/∂xᵢ: the part of ∂L/∂y that came from xᵢ
/// Source    Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, § 4
/// </remarks>
internal sealed class Concatenation(IReadOnlyList<TensorShape> inputs) : Join(inputs, Together(inputs))
{
    private readonly int[] _first = [.. inputs.Select((_, port) => inputs.Take(port).Sum(shape => shape.Last))];

    public override string Name => "concat";

    public override void Forward(int port, int rows, ReadOnlySpan<float> input, Span<float> output)
    {
        int width = InputShapes[port].Last, all = OutputShape.Last;
        for (int from = 0, to = _first[port]; from < input.Length; from += width, to += all) input.Slice(from, width).CopyTo(output[to..]);
    }

    public override string? WriteOnnx(OnnxGraph graph, IReadOnlyList<string> inputs) => graph.Add("Concat", inputs, OnnxAttribute.Of("axis", -1));

    public override void Backward(int port, int rows, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int width = InputShapes[port].Last, all = OutputShape.Last;
        for (int to = 0, from = _first[port]; to < inputGradient.Length; to += width, from += all)
            outputGradient.Slice(from, width).CopyTo(inputGradient[to..]);
    }

    private static TensorShape Together(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape first = Some("concat", inputs)[0];
        if (inputs.FirstOrDefault(shape => shape.Rank != first.Rank || !shape.WithLast(first.Last).Equals(first)) is { } other)
            throw new ArgumentException($"Network: concat: wanted inputs that differ in the last size only, got {first} and {other}.", nameof(inputs));
        return first.WithLast(inputs.Sum(shape => shape.Last));
    }
}

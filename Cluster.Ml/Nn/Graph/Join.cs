namespace Cluster.Ml.Nn.Graph;

/// <summary>A point of a network where several tensors come together into one.</summary>
/// <remarks>
/// Range   row i of the output and of every input gradient depends on row i alone
/// Source  Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.5.6: each operation of a graph and its gradient by each of its inputs
/// </remarks>
internal abstract class Join(IReadOnlyList<TensorShape> inputs, TensorShape output)
{
    /// <summary>What the job file calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What one row of each input holds.</summary>
    public IReadOnlyList<TensorShape> InputShapes { get; } = inputs;

    /// <summary>What one row of the output holds.</summary>
    public TensorShape OutputShape { get; } = output;

    /// <summary>Brings one input into the output; called for every input, the first first.</summary>
    /// <param name="port">Which input.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="input">[rows, InputShapes[port]].</param>
    /// <param name="output">[rows, OutputShape], written to.</param>
    public abstract void Forward(int port, int rows, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Writes the gradient of one input.</summary>
    /// <param name="port">Which input.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="outputGradient">[rows, OutputShape].</param>
    /// <param name="inputGradient">[rows, InputShapes[port]], overwritten.</param>
    public abstract void Backward(int port, int rows, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    /// <summary>Fails where there are no inputs.</summary>
    protected static IReadOnlyList<TensorShape> Some(string name, IReadOnlyList<TensorShape> inputs) => inputs.Count > 0
        ? inputs
        : throw new ArgumentException($"Network: {name}: wanted at least one input, got none.", nameof(inputs));
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

/// <summary>Inputs of one shape put one after another along a new first axis, so that what follows treats them alike.</summary>
/// <remarks>
/// Equation  y[i, …] = xᵢ[…]
/// Shapes    inputs [F] → [inputs, F]
/// Gradient  ∂L/∂xᵢ = ∂L/∂y[i, …]
/// Source    Goodfellow et al., "Generative Adversarial Nets", NIPS 2014, algorithm 1: one discriminator judges what is drawn and what is real
/// </remarks>
internal sealed class Stack(IReadOnlyList<TensorShape> inputs) : Join(inputs, Upon(inputs))
{
    public override string Name => "stack";

    public override void Forward(int port, int rows, ReadOnlySpan<float> input, Span<float> output)
    {
        int width = InputShapes[port].Count, all = OutputShape.Count;
        for (int row = 0; row < rows; row++) input.Slice(row * width, width).CopyTo(output[((row * all) + (port * width))..]);
    }

    public override void Backward(int port, int rows, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int width = InputShapes[port].Count, all = OutputShape.Count;
        for (int row = 0; row < rows; row++) outputGradient.Slice((row * all) + (port * width), width).CopyTo(inputGradient[(row * width)..]);
    }

    private static TensorShape Upon(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape first = Some("stack", inputs)[0];
        if (first.Rank != 1 || inputs.FirstOrDefault(shape => !shape.Equals(first)) is not null)
            throw new ArgumentException($"Network: stack: wanted inputs of one shape [features], got {string.Join(" and ", inputs)}.", nameof(inputs));
        return TensorShape.Of(inputs.Count, first.Count);
    }
}

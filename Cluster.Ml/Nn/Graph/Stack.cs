namespace Cluster.Ml.Nn.Graph;

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

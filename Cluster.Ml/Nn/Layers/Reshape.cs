namespace Cluster.Ml.Nn.Layers;

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

    public override void Forward(in LayerPass pass) => pass.Input.CopyTo(pass.Output);

    public override void BackwardInput(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty) pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    private static TensorShape Fit(TensorShape input, TensorShape output) => input.Count == output.Count
        ? output
        : throw new ArgumentException($"reshape: wanted a shape of {input.Count} numbers for an input of {input}, got {output}.", nameof(output));
}

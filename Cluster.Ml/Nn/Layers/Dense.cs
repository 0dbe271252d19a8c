using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>A fully connected layer with its activation.</summary>
/// <remarks>
/// Equation    y = f(x·W + b)
/// Shapes      x [N, I] → y [N, O]; W [I, O] by rows, then b [O]
/// Gradient    δ = ∂L/∂y ⊙ f′;  ∂L/∂W = xᵀδ;  ∂L/∂b = Σ δ over rows;  ∂L/∂x = δ·Wᵀ
/// Parameters  W: He normal before (leaky) ReLU, else Glorot uniform, or zero; b: zero
/// Norms       one example's squared gradient norm is (‖x‖² + 1)·‖δ‖²
/// Source      Goodfellow, "Efficient Per-Example Gradient Computations" (2015), for the norms
/// </remarks>
internal sealed class Dense(int inputs, int outputs, Activation activation, WeightStart start) : Layer(inputs, outputs)
{
    public override string Name => $"dense {Outputs}";

    /// <summary>The function after the linear part.</summary>
    public Activation Activation => activation;

    public override int WeightCount => Inputs * Outputs;

    public override int ParameterCount => WeightCount + Outputs;

    public override void Initialize(Span<float> parameters, ulong seed, int layer)
    {
        start.Fill(parameters[..WeightCount], Inputs, Outputs, seed, layer);
        parameters[WeightCount..].Clear();
    }

    public override void Forward(in LayerPass pass)
    {
        Gemm.Multiply(new MatrixView<float>(pass.Input, pass.Rows, Inputs), Weights(pass), pass.Output, pass.Workspace);
        activation.Forward(pass.Output, pass.Parameters[WeightCount..]);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        activation.Backward(pass.Output, pass.OutputGradient);
        if (!pass.InputGradient.IsEmpty)
            Gemm.Multiply(new MatrixView<float>(pass.OutputGradient, pass.Rows, Outputs), Weights(pass).Transposed, pass.InputGradient, pass.Workspace);
    }

    public override void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        MatrixView<float> x = new(pass.Input, pass.Rows, Inputs), delta = new(pass.OutputGradient, pass.Rows, Outputs);
        Gemm.MultiplyTree(x.Transposed, delta, ends, gradient[..WeightCount], pass.Workspace);
        SumTrees.SumRows(pass.OutputGradient, Outputs, ends, gradient[WeightCount..]);
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms)
    {
        for (int row = 0; row < pass.Rows; row++)
        {
            float x = Reductions.SquaredNorm(pass.Input.Slice(row * Inputs, Inputs));
            float delta = Reductions.SquaredNorm(pass.OutputGradient.Slice(row * Outputs, Outputs));
            squaredNorms[row] += (x + 1) * delta;
        }
    }

    public override void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors)
    {
        for (int row = 0; row < pass.Rows; row++)
            if (factors[row] != 1) Reductions.Scale(pass.OutputGradient.Slice(row * Outputs, Outputs), factors[row]);
    }

    private MatrixView<float> Weights(in LayerPass pass) => new(pass.Parameters[..WeightCount], Inputs, Outputs);
}

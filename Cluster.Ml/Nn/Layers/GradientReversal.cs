using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>Passes its input on, and what comes back with the sign turned: what is below learns to hide what is above learns to see.</summary>
/// <remarks>
/// Equation    y = x;  λ(t) = weight·(2 / (1 + e^(−10·t/T)) − 1), t the step and T the steps of all epochs
/// Shapes      x [N, …] → y [N, …]
/// Gradient    ∂L/∂x = −λ·∂L/∂y: of no function, hence a pseudo-gradient
/// Train/Eval  the same
/// Source      Ganin et al., "Domain-Adversarial Training of Neural Networks", JMLR 17 (2016), eqs. 14 to 16 and § 5.2.2 for λ
/// </remarks>
/// <param name="shape">What a row holds.</param>
/// <param name="weight">What λ grows to.</param>
/// <param name="steps">T ≥ 1.</param>
internal sealed class GradientReversal(TensorShape shape, double weight, long steps) : Layer(shape, shape)
{
    private const double Steepness = 10;

    public override string Name => "reversal";

    /// <summary>λ, as backward does not know the step.</summary>
    public override int SavedPerRow => 1;

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    /// <summary>λ(t).</summary>
    public double FactorAt(long step) => weight * ((2 * StableMath.Sigmoid(Steepness * Math.Min(step, steps) / steps)) - 1);

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) => input;

    public override void Forward(in LayerPass pass)
    {
        pass.Input.CopyTo(pass.Output);
        pass.SavedForBackward.Fill(pass.Random is { } random ? (float)FactorAt(random.Step) : 0);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        pass.OutputGradient.CopyTo(pass.InputGradient);
        if (pass.Rows > 0) Reductions.Scale(pass.InputGradient, -pass.SavedForBackward[0]);
    }
}

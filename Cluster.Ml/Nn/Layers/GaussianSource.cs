namespace Cluster.Ml.Nn.Layers;

/// <summary>Draws from the standard normal distribution, whatever its input: the prior of a code, or what a generator starts from.</summary>
/// <remarks>
/// Equation    y = ε,  ε ~ N(0, 1)
/// Shapes      x [N, anything] → y [N, L]
/// Gradient    none: ∂L/∂x = 0
/// Train/Eval  drawn in both; zeros, the mean, in evaluations and predictions
/// Range       ε depends on (seed, step, example, unit) alone
/// Source      Goodfellow et al., "Generative Adversarial Nets", NIPS 2014, § 3 (what a generator starts from);
///             Makhzani et al., "Adversarial Autoencoders" (2015), § 2 (the prior of a code)
/// </remarks>
internal sealed class GaussianSource(TensorShape input, int size) : Layer(input, TensorShape.Of(size))
{
    public override string Name => $"normal {size}";

    public override int RandomPerRow => Outputs;

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override void Forward(in LayerPass pass)
    {
        if (pass.Random is not { } random)
        {
            pass.Output.Clear();
            return;
        }
        for (int row = 0; row < pass.Rows; row++) random.FillGaussian(row, pass.FirstUnit, pass.Output.Slice(row * Outputs, Outputs));
    }

    public override void BackwardInput(in LayerPass pass) => pass.InputGradient.Clear();
}

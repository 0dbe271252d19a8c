using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Layers;

/// <summary>Draws a code from a Gaussian whose mean and variance come in, so that gradients pass through both.</summary>
/// <remarks>
/// Equation    z = μ + e^(v/2)·ε,  ε ~ N(0, 1)
/// Shapes      (μ, v) [N, 2·L], all means first and then the logarithms of all variances → z [N, L]
/// Gradient    ∂L/∂μ = ∂L/∂z;  ∂L/∂v = ∂L/∂z · e^(v/2)·ε / 2
/// Train/Eval  drawn in both; z = μ in evaluations and predictions
/// Range       ε depends on (seed, step, example, unit) alone
/// Source      Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014, § 2.4
/// </remarks>
internal sealed class GaussianSample(TensorShape input) : Layer(input, TensorShape.Of(input.Count / 2))
{
    public override string Name => $"sample {Outputs}";

    public override int SavedPerRow => Outputs;

    public override int RandomPerRow => Outputs;

    public override bool ReadsInputBackward => false;

    public override bool ReadsOutputBackward => false;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) =>
        graph.Add("Slice", [input, graph.Wholes(0), graph.Wholes(Outputs), graph.Wholes(1)]);

    public override void Forward(in LayerPass pass)
    {
        for (int row = 0; row < pass.Rows; row++)
        {
            ReadOnlySpan<float> means = pass.Input.Slice(row * Inputs, Outputs), logVariances = pass.Input.Slice((row * Inputs) + Outputs, Outputs);
            Span<float> z = pass.Output.Slice(row * Outputs, Outputs), halfStep = pass.SavedForBackward.Slice(row * Outputs, Outputs);
            if (pass.Random is not { } random)
            {
                means.CopyTo(z);
                halfStep.Clear();
                continue;
            }
            random.FillGaussian(row, pass.FirstUnit, halfStep);
            for (int i = 0; i < z.Length; i++) z[i] = 0.5f * logVariances[i];
            StableMath.Exp(z, z);
            for (int i = 0; i < z.Length; i++)
            {
                float step = z[i] * halfStep[i];
                z[i] = means[i] + step;
                halfStep[i] = 0.5f * step;
            }
        }
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        for (int row = 0; row < pass.Rows; row++)
        {
            ReadOnlySpan<float> delta = pass.OutputGradient.Slice(row * Outputs, Outputs), halfStep = pass.SavedForBackward.Slice(row * Outputs, Outputs);
            Span<float> gradient = pass.InputGradient.Slice(row * Inputs, Inputs);
            delta.CopyTo(gradient);
            for (int i = 0; i < delta.Length; i++) gradient[Outputs + i] = delta[i] * halfStep[i];
        }
    }
}

using System.Numerics.Tensors;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Losses;

/// <summary>The squared distance between the outputs and a row.</summary>
/// <remarks>
/// Equation  ℓ(y, x) = Σⱼ (yⱼ − xⱼ)²
/// Shapes    outputs [n], row [n]
/// Gradient  ∂ℓ/∂yⱼ = 2·(yⱼ − xⱼ)
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 14.1
/// Differs   from a mean over the row, by the factor n
/// </remarks>
internal sealed class SquaredReconstruction : Loss
{
    public static readonly Likelihood Declared = new("gaussian", "rows of any numbers", () => new SquaredReconstruction(), Identity.Declared);

    private const int PartNumbers = 1024;

    public override bool Classifies => false;

    public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
    {
        Span<float> differences = stackalloc float[PartNumbers];
        ReadOnlySpan<float> row = target.Row;
        double sum = 0;
        for (int first = 0; first < outputs.Length; first += PartNumbers)
        {
            int count = Math.Min(PartNumbers, outputs.Length - first);
            Span<float> part = differences[..count];
            TensorPrimitives.Subtract(outputs.Slice(first, count), row.Slice(first, count), part);
            sum += Reductions.SquaredNorm(part);
            if (!gradient.IsEmpty) TensorPrimitives.Add(part, part, gradient[first..]);
        }
        return sum;
    }

    public override bool WriteOnnx(OnnxModel model, string outputs)
    {
        OnnxGraph graph = model.Graph;
        string difference = graph.Add("Sub", [outputs, graph.Cast(model.Rows, OnnxType.Double)]);
        model.OutputNumber(graph.SumLast(graph.Add("Mul", [difference, difference])));
        model.OutputVector(OnnxModel.Reconstruction, model.Unscaled(outputs), model.FeatureNames);
        return true;
    }

    public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
}

using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Mixtures;

/// <summary>A variance a component and column, or one a component that is alike in all columns: their mean.</summary>
/// <remarks>
/// Equation  (x − μ)ᵀΣ⁻¹(x − μ) = Σ_f (x_f − μ_f)² / σ²_f;  ½ ln |Σ| = ½ Σ_f ln σ²_f
/// Shapes    [k, d], or [k]
/// Cost      O(d) a row and component
/// </remarks>
internal sealed class AxisCovariance(int components, int features, bool alike) : CovarianceForm(components, features)
{
    private readonly int _width = alike ? 1 : features;

    public override int Length => Components * _width;

    public override IReadOnlyList<int> Shape => [Components, Features];

    public override void Add(Span<double> seconds, int component, double weight, ReadOnlySpan<double> difference)
    {
        Span<double> squares = seconds.Slice(component * _width, _width);
        for (int f = 0; f < difference.Length; f++) squares[alike ? 0 : f] += weight * difference[f] * difference[f];
    }

    public override void Estimate(
        ReadOnlySpan<double> seconds, ReadOnlySpan<double> counts, ReadOnlySpan<double> shifts, double regularize, Span<double> covariances)
    {
        seconds.CopyTo(covariances);
        for (int c = 0; c < Components; c++)
        {
            Add(covariances, c, -counts[c], shifts.Slice(c * Features, Features));
            double divisor = alike ? counts[c] * Features : counts[c];
            for (int i = c * _width; i < (c + 1) * _width; i++) covariances[i] = (divisor == 0 ? 0 : Math.Max(0, covariances[i] / divisor)) + regularize;
        }
    }

    public override int Factor(ReadOnlySpan<double> covariances, Span<double> factors, Span<double> halfLogDeterminants)
    {
        for (int c = 0; c < Components; c++)
        {
            halfLogDeterminants[c] = 0;
            for (int i = c * _width; i < (c + 1) * _width; i++)
            {
                if (!(covariances[i] > 0)) return c;
                factors[i] = 1 / covariances[i];
                halfLogDeterminants[c] += StableMath.Log(covariances[i]) * (alike ? 0.5 * Features : 0.5);
            }
        }
        return -1;
    }

    public override double Squared(ReadOnlySpan<double> factors, int component, Span<double> difference)
    {
        ReadOnlySpan<double> inverse = factors.Slice(component * _width, _width);
        double sum = 0;
        for (int f = 0; f < difference.Length; f++) sum += difference[f] * difference[f] * inverse[alike ? 0 : f];
        return sum;
    }

    public override string WriteSquared(OnnxGraph graph, ReadOnlySpan<double> factors, string differences)
    {
        string inverse = graph.Constant(OnnxTensor.Of(factors, Components, _width));
        return graph.SumLast(graph.Add("Mul", [graph.Add("Mul", [differences, differences]), inverse]));
    }

    public override double[] Whole(ReadOnlySpan<double> covariances, double[] divisors)
    {
        double[] whole = new double[Components * Features];
        for (int i = 0; i < whole.Length; i++)
        {
            int column = i % Features;
            whole[i] = covariances[(i / Features * _width) + (alike ? 0 : column)] * divisors[column] * divisors[column];
        }
        return whole;
    }
}

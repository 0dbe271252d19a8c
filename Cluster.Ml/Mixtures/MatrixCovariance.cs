using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Mixtures;

/// <summary>A covariance matrix a component, or one for all: lower triangles, packed row by row.</summary>
/// <remarks>
/// Equation  Σ = LLᵀ;  (x − μ)ᵀΣ⁻¹(x − μ) = ‖L⁻¹(x − μ)‖²;  ½ ln |Σ| = Σ ln Lᵢᵢ;
///           tied: Σ = Σ_c [Σᵢ r(x − μ_c)(x − μ_c)ᵀ − N_c·Δ_cΔ_cᵀ] / n + ε·I
/// Range     a matrix whose Cholesky pivot is not above 1e-13 of its diagonal element has no inverse
/// Cost      O(d²) a row and component, O(k·d³) a step
/// </remarks>
internal sealed class MatrixCovariance(int components, int features, bool tied) : CovarianceForm(components, features)
{
    private readonly int _triangle = PackedCholesky.Length(features);

    public override int Length => tied ? _triangle : Components * _triangle;

    public override IReadOnlyList<int> Shape => tied ? [Features, Features] : [Components, Features, Features];

    public override void Add(Span<double> seconds, int component, double weight, ReadOnlySpan<double> difference)
    {
        Span<double> triangle = Of(seconds, component);
        for (int i = 0, at = 0; i < difference.Length; at += ++i)
            DoubleVectors.AddScaled(weight * difference[i], difference[..(i + 1)], triangle.Slice(at, i + 1));
    }

    public override void Estimate(
        ReadOnlySpan<double> seconds, ReadOnlySpan<double> counts, ReadOnlySpan<double> shifts, double regularize, Span<double> covariances)
    {
        seconds.CopyTo(covariances);
        double all = 0;
        for (int c = 0; c < Components; c++)
        {
            all += counts[c];
            Add(covariances, c, -counts[c], shifts.Slice(c * Features, Features));
        }
        for (int c = 0; c < (tied ? 1 : Components); c++)
        {
            Span<double> triangle = Of(covariances, c);
            double rows = tied ? all : counts[c];
            if (rows == 0) triangle.Clear();
            else
                for (int i = 0; i < triangle.Length; i++) triangle[i] /= rows;
            for (int i = 0; i < Features; i++) triangle[PackedCholesky.Diagonal(i)] = Math.Max(0, triangle[PackedCholesky.Diagonal(i)]) + regularize;
        }
    }

    public override int Factor(ReadOnlySpan<double> covariances, Span<double> factors, Span<double> halfLogDeterminants)
    {
        covariances.CopyTo(factors);
        for (int c = 0; c < Components; c++)
        {
            Span<double> triangle = Of(factors, c);
            if (!tied || c == 0) PackedCholesky.Factor(triangle, Features, examples: 0);
            halfLogDeterminants[c] = 0;
            for (int i = 0; i < Features; i++)
            {
                double pivot = triangle[PackedCholesky.Diagonal(i)];
                if (!(pivot > 0)) return c;
                halfLogDeterminants[c] += StableMath.Log(pivot);
            }
        }
        return -1;
    }

    public override double Squared(ReadOnlySpan<double> factors, int component, Span<double> difference)
    {
        ReadOnlySpan<double> triangle = tied ? factors : factors.Slice(component * _triangle, _triangle);
        for (int i = 0, at = 0; i < difference.Length; at += ++i)
            difference[i] = (difference[i] - DoubleVectors.Dot(triangle.Slice(at, i), difference[..i])) / triangle[at + i];
        return DoubleVectors.Dot(difference, difference);
    }

    // L⁻¹ column by column: the solution of L·y = e_j stands in row j of its transpose.
    public override string WriteSquared(OnnxGraph graph, ReadOnlySpan<double> factors, string differences)
    {
        double[] inverses = new double[Components * Features * Features];
        for (int c = 0; c < Components; c++)
            for (int j = 0; j < Features; j++)
            {
                Span<double> unit = inverses.AsSpan(((c * Features) + j) * Features, Features);
                unit[j] = 1;
                Squared(factors, c, unit);
            }
        string rows = graph.Reshape(differences, Components, 1, Features);
        string solved = graph.Add("MatMul", [rows, graph.Constant(OnnxTensor.Of(inverses, Components, Features, Features))]);
        return graph.Reshape(graph.SumLast(graph.Add("Mul", [solved, solved])), Components);
    }

    public override double[] Whole(ReadOnlySpan<double> covariances, double[] divisors)
    {
        double[] whole = new double[covariances.Length / _triangle * Features * Features];
        for (int i = 0; i < whole.Length; i++)
        {
            (int column, int row) = (i % Features, i / Features % Features);
            (int least, int most) = (Math.Min(row, column), Math.Max(row, column));
            whole[i] = covariances[(i / (Features * Features) * _triangle) + PackedCholesky.Length(most) + least] * divisors[row] * divisors[column];
        }
        return whole;
    }

    private Span<double> Of(Span<double> matrices, int component) => tied ? matrices : matrices.Slice(component * _triangle, _triangle);
}

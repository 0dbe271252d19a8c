using Cluster.Ml.Learning;
using Cluster.Ml.Linear;

namespace Cluster.Ml.Decomposition.Pca;

/// <summary>Mean and scatter matrix of some rows, and how they are joined with those of others.</summary>
/// <remarks>
/// Equation  m = Σx / n,  S = Σ(x − m)(x − m)ᵀ;  of two parts, with δ = m₂ − m₁:  m = m₁ + δ·n₂/n,  S = S₁ + S₂ + δδᵀ·n₁·n₂/n
/// Shapes    [mean [d], lower triangle of S by rows [d(d+1)/2], statistics [3]], the second of which is n
/// Range     rows far from 0 lose no digits, since nothing is squared before its mean is subtracted
/// Source    Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", Stanford STAN-CS-79-773 (1979)
/// </remarks>
internal readonly ref struct Scatter(Span<double> numbers, int features)
{
    private readonly Span<double> _numbers = numbers;

    public Span<double> Mean => _numbers[..features];

    public Span<double> Triangle => _numbers[features..^StepStatistics.Length];

    public ref double Rows => ref _numbers[^(StepStatistics.Length - StepStatistics.Examples)];

    public static int Length(int features) => features + (features * (features + 1) / 2) + StepStatistics.Length;

    /// <summary>Row i of the triangle: columns 0 … i.</summary>
    public Span<double> Row(int i) => Triangle.Slice(i * (i + 1) / 2, i + 1);

    /// <summary>Takes the other rows in.</summary>
    /// <param name="other">Read, and its mean overwritten.</param>
    public void Join(Scatter other)
    {
        if (other.Rows == 0) return;
        if (Rows == 0)
        {
            other._numbers.CopyTo(_numbers);
            return;
        }
        double rows = Rows + other.Rows, weight = Rows * other.Rows / rows;
        Span<double> delta = other.Mean;
        DoubleVectors.AddScaled(-1, Mean, delta);
        for (int i = 0; i < features; i++)
        {
            Span<double> row = Row(i);
            DoubleVectors.AddScaled(1, other.Row(i), row);
            DoubleVectors.AddScaled(delta[i] * weight, delta[..(i + 1)], row);
        }
        DoubleVectors.AddScaled(other.Rows / rows, delta, Mean);
        DoubleVectors.AddScaled(1, other._numbers[^StepStatistics.Length..], _numbers[^StepStatistics.Length..]);
    }

    /// <summary>The covariance matrix, [d, d]: S / (n − 1).</summary>
    public double[] Covariance()
    {
        var matrix = new double[features * features];
        for (int i = 0; i < features; i++)
        {
            ReadOnlySpan<double> row = Row(i);
            for (int j = 0; j <= i; j++) matrix[(i * features) + j] = matrix[(j * features) + i] = row[j] / (Rows - 1);
        }
        return matrix;
    }
}

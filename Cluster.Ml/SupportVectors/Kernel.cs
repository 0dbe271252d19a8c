using Cluster.Ml.Numerics;

namespace Cluster.Ml.SupportVectors;

/// <summary>The kernel of two rows.</summary>
/// <remarks>
/// Equation  linear x·z;  rbf e^(−γ‖x − z‖²);  polynomial (γ·x·z + r)ᵈ;  sigmoid tanh(γ·x·z + r)
/// Range     rbf from ‖x‖² + ‖z‖² − 2·x·z, each sum one chain of fused multiply-adds, so that it is exactly 1 for two rows that are equal
/// Source    Chang and Lin, "LIBSVM: A Library for Support Vector Machines", ACM TIST 2 (2011), § 2
/// </remarks>
internal sealed class Kernel(SupportVectorOptions options)
{
    /// <summary>Makes kernel values of products.</summary>
    /// <param name="values">x·zⱼ, changed to K(x, zⱼ).</param>
    /// <param name="norm">‖x‖².</param>
    /// <param name="norms">‖zⱼ‖².</param>
    /// <param name="gamma">γ.</param>
    public void Apply(Span<double> values, double norm, ReadOnlySpan<double> norms, double gamma)
    {
        switch (options.Kernel)
        {
            case SupportVectorOptions.Rbf:
                for (int j = 0; j < values.Length; j++) values[j] = -gamma * Math.Max(0, norm + norms[j] - (2 * values[j]));
                StableMath.Exp(values, values);
                break;
            case SupportVectorOptions.Polynomial:
                for (int j = 0; j < values.Length; j++) values[j] = Power((gamma * values[j]) + options.Coefficient, options.Degree);
                break;
            case SupportVectorOptions.Sigmoid:
                for (int j = 0; j < values.Length; j++) values[j] = 2 * ((gamma * values[j]) + options.Coefficient);      // tanh x = 2σ(2x) − 1
                StableMath.Sigmoid(values, values);
                for (int j = 0; j < values.Length; j++) values[j] = (2 * values[j]) - 1;
                break;
        }
    }

    /// <summary>‖x‖², summed in the order of a matrix product's element.</summary>
    public static double SquaredNorm(ReadOnlySpan<double> row)
    {
        double sum = 0;
        foreach (double value in row) sum = Math.FusedMultiplyAdd(value, value, sum);
        return sum;
    }

    /// <summary>scikit-learn's scale: 1 / (columns · variance of all numbers); 1 if they do not differ.</summary>
    /// <param name="numbers">The training rows, in a fixed order.</param>
    /// <param name="columns">How many numbers a row has.</param>
    public static double ScaleOf(ReadOnlySpan<double> numbers, int columns)
    {
        double sum = 0, squares = 0;
        foreach (double number in numbers) sum += number;
        double mean = sum / numbers.Length;
        foreach (double number in numbers) squares += (number - mean) * (number - mean);
        double variance = squares / numbers.Length;
        return variance > 0 ? 1 / (columns * variance) : 1;
    }

    private static double Power(double value, int exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1, value *= value)
            if ((exponent & 1) != 0) power *= value;
        return power;
    }
}

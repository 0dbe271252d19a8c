using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Linear;

/// <summary>Coefficients of the scaled features as those of the source's columns.</summary>
/// <remarks>Equation  zⱼ = (xⱼ − mⱼ) / sⱼ, so b₀ + Σ bⱼ·zⱼ = (b₀ − Σ bⱼ·mⱼ/sⱼ) + Σ (bⱼ/sⱼ)·xⱼ</remarks>
internal static class SourceUnits
{
    /// <summary>The numbers 'coefficients' and 'intercept'.</summary>
    /// <param name="model">b₀, then b.</param>
    /// <param name="scaler">How the columns were scaled.</param>
    public static IReadOnlyList<LearnedNumbers> Of(ReadOnlySpan<double> model, Scaler scaler)
    {
        double intercept = model[0];
        double[] coefficients = new double[model.Length - 1];
        for (int j = 0; j < coefficients.Length; j++)
        {
            coefficients[j] = model[j + 1] / scaler.DivisorOf(j);
            intercept -= coefficients[j] * scaler.OffsetOf(j);
        }
        return [LearnedNumbers.Vector("coefficients", coefficients), LearnedNumbers.Scalar("intercept", intercept)];
    }
}

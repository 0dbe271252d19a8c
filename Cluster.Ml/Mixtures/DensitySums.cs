using Cluster.Ml.Evaluation;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Mixtures;

/// <summary>Sums that the quality of a density is computed from; they add up over parts of a split.</summary>
/// <remarks>
/// Shapes    [rows, Σ ln p]
/// Equation  log-likelihood = Σ ln p / rows;  bic = m·ln rows − 2 Σ ln p;  aic = 2m − 2 Σ ln p,  with m free parameters
/// Units     nats
/// Source    Schwarz, "Estimating the Dimension of a Model", Ann. Stat. 6 (1978); Akaike, IEEE Trans. Autom. Control 19 (1974)
/// </remarks>
internal static class DensitySums
{
    /// <summary>How many numbers.</summary>
    public const int Length = 2;

    /// <summary>Adds rows.</summary>
    /// <param name="sums">[Length], added to.</param>
    /// <param name="logDensity">Σ ln p of the rows.</param>
    /// <param name="rows">How many.</param>
    public static void Add(Span<double> sums, double logDensity, double rows = 1)
    {
        sums[0] += rows;
        sums[1] += logDensity;
    }

    /// <summary>The figures log-likelihood, bic and aic; none if there are no rows.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums, int parameters)
    {
        (double rows, double total) = (sums[0], sums[1]);
        if (rows == 0) return Metrics.None;
        return new Metrics([
            new("log-likelihood", total / rows), new("bic", (parameters * StableMath.Log(rows)) - (2 * total)), new("aic", (2.0 * parameters) - (2 * total))]);
    }
}

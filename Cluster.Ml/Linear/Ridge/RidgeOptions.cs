using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Linear.Ridge;

/// <summary>What a job says about ridge regression.</summary>
public sealed record RidgeOptions : ModelOptions
{
    internal static readonly KeySet<RidgeOptions> Declared = new KeySet<RidgeOptions>(new()).Number(
        "alpha", "Weight of the squared coefficients, beside the sum of squared residuals.", o => o.Alpha, (o, value) => o with { Alpha = value },
        NumberRange.Positive, source: "scikit-learn");

    /// <summary>Weight of the squared coefficients, beside the sum of squared residuals; above 0.</summary>
    public double Alpha { get; init; } = 1;
}

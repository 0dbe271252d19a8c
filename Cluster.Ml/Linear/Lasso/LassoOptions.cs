using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Linear.Lasso;

/// <summary>What a job says about the lasso.</summary>
public sealed record LassoOptions : ModelOptions
{
    internal static readonly KeySet<LassoOptions> Declared = new KeySet<LassoOptions>(new()).Number(
        "alpha", "Weight of the absolute coefficients, beside half the mean of squared residuals.", o => o.Alpha, (o, value) => o with { Alpha = value },
        NumberRange.Positive, source: "scikit-learn");

    /// <summary>Weight of the absolute coefficients, beside half the mean of squared residuals; above 0.</summary>
    public double Alpha { get; init; } = 1;

    internal override double? AbsoluteShare => 1;
}

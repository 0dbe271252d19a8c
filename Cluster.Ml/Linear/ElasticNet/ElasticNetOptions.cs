using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Linear.ElasticNet;

/// <summary>What a job says about an elastic net.</summary>
public sealed record ElasticNetOptions : ModelOptions
{
    internal static readonly KeySet<ElasticNetOptions> Declared = new KeySet<ElasticNetOptions>(new())
        .Number(
            "alpha", "Weight of the penalty, beside half the mean of squared residuals.", o => o.Alpha, (o, value) => o with { Alpha = value },
            NumberRange.Positive, source: "scikit-learn")
        .Number(
            "l1-ratio", "The share of the absolute coefficients in the penalty; half the squares have the rest.", o => o.L1Ratio, (o, value) => o with { L1Ratio = value },
            NumberRange.Between(0, 1), source: "scikit-learn");

    /// <summary>Weight of the penalty, beside half the mean of squared residuals; above 0.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The share of the absolute coefficients in the penalty: 1 is the lasso, 0 a ridge.</summary>
    public double L1Ratio { get; init; } = 0.5;

    internal override double? AbsoluteShare => L1Ratio;
}

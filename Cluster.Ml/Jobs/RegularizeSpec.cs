using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Penalties added to the mean loss: L1·Σ|w| + L2·Σw², over weights, not biases.</summary>
/// <param name="L1">Weight of the absolute values.</param>
/// <param name="L2">Weight of the squares.</param>
public sealed record RegularizeSpec(double L1, double L2)
{
    /// <summary>The keys of training.regularize.</summary>
    internal static readonly KeySet<RegularizeSpec> Declared = new KeySet<RegularizeSpec>(new(0, 0))
        .Number("l1", "Weight of the sum of the absolute weights.", o => o.L1, (o, value) => o with { L1 = value }, NumberRange.NotNegative)
        .Number("l2", "Weight of the sum of the squared weights.", o => o.L2, (o, value) => o with { L2 = value }, NumberRange.NotNegative);
}

using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Differential privacy of the training rows.</summary>
/// <param name="Clip">The largest L2 norm of one example's gradient.</param>
/// <param name="Noise">Noise multiplier σ: the noise's standard deviation is σ · Clip. Null if it is calibrated from TargetEpsilon.</param>
/// <param name="Delta">δ.</param>
/// <param name="TargetEpsilon">Training stops before it would spend more; null for no limit.</param>
public sealed record PrivacySpec(double Clip, double? Noise, double Delta, double? TargetEpsilon)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ clip: 1.0, noise: 1.1, delta: 1e-5 }";

    /// <summary>The keys of privacy.</summary>
    internal static readonly KeySet<PrivacySpec> Declared = new KeySet<PrivacySpec>(new(1, null, 1e-5, null))
        .Number("clip", "The largest L2 norm of one example's gradient.", o => o.Clip, (o, value) => o with { Clip = value }, NumberRange.Positive)
        .OptionalNumber(
            "noise", "The noise multiplier: its standard deviation over clip.", o => o.Noise, (o, value) => o with { Noise = value }, NumberRange.Positive,
            "what target-epsilon allows over all epochs")
        .Number(
            "delta", "The probability with which the bound need not hold.", o => o.Delta, (o, value) => o with { Delta = value }, NumberRange.Decay with { LeastExcluded = true })
        .OptionalNumber(
            "target-epsilon", "Training stops before it would spend more.", o => o.TargetEpsilon, (o, value) => o with { TargetEpsilon = value },
            NumberRange.Positive, "no limit")
        .Check((map, o) =>
        {
            if (!map.Has("noise") && !map.Has("target-epsilon"))
                map.Errors.Add(map.Place, "privacy to have noise, target-epsilon or both", "neither", "add noise: 1.1 or target-epsilon: 3.0");
        });
}

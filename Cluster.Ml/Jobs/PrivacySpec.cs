using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Differential privacy of the training rows.</summary>
/// <param name="Clip">The largest L2 norm of one example's gradient.</param>
/// <param name="Noise">Noise multiplier σ: the noise's standard deviation is σ · Clip. Null if it is calibrated from TargetEpsilon.</param>
/// <param name="Delta">δ.</param>
/// <param name="TargetEpsilon">Training stops before it would spend more; null for no limit.</param>
public sealed record PrivacySpec(double Clip, double? Noise, double Delta, double? TargetEpsilon)
{
    /// <summary>γ: the quantile of the norms of rows' gradients that the clipping norm follows, from Clip on; null if it stays.</summary>
    public double? ClipQuantile { get; init; }

    /// <summary>η: how fast it follows.</summary>
    public double ClipRate { get; init; } = 0.2;

    /// <summary>σ_b: the deviation of the noise on the count of rows below the clipping norm; null for a twentieth of the batch.</summary>
    public double? ClipNoise { get; init; }

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
        .OptionalNumber(
            "clip-quantile", "The clipping norm follows this quantile of the norms of examples' gradients, from clip on.", o => o.ClipQuantile,
            (o, value) => o with { ClipQuantile = value }, new NumberRange("a number", 0, true, 1, true), "it stays")
        .Number(
            "clip-rate", "How fast the clipping norm follows the quantile.", o => o.ClipRate, (o, value) => o with { ClipRate = value }, NumberRange.Positive,
            source: "Andrew, Thakkar, McMahan, Ramaswamy (2021)")
        .Otherwise("0.2 where clip-quantile is given", written: o => o.ClipQuantile is not null)
        .OptionalNumber(
            "clip-noise", "The deviation of the noise on the count of examples below the clipping norm.", o => o.ClipNoise,
            (o, value) => o with { ClipNoise = value }, NumberRange.Positive, "a twentieth of training.batch", unit: "examples")
        .Check((map, o) =>
        {
            if (o.ClipQuantile is null && (map.Has("clip-rate") || map.Has("clip-noise")))
                map.Errors.Add(map.Place, "privacy to have clip-quantile where it has clip-rate or clip-noise", "none", "add clip-quantile: 0.5, or remove them");
            if (!map.Has("noise") && !map.Has("target-epsilon"))
                map.Errors.Add(map.Place, "privacy to have noise, target-epsilon or both", "neither", "add noise: 1.1 or target-epsilon: 3.0");
        });
}

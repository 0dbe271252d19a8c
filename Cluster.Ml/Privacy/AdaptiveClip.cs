using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>A clipping norm that follows a quantile of the norms of single rows' gradients, by a noisy count in each step.</summary>
/// <remarks>
/// Equation      b̃ = ½ + (Σ (b_i − ½) + N)/B over the step's rows, b_i = 1 if row i's norm is at most C, else 0; N of deviation σ_b; B the batch of the job;
///               C ← C·e^(−η(b̃ − γ)) after the step
/// Guarantee     that of one Gaussian mechanism of multiplier z, which is what the ledger enters: the sum's noise has the multiplier z_Δ with
///               z⁻² = z_Δ⁻² + (2σ_b)⁻², so that count and sum share what z pays for
/// Neighbouring  data with one row more or less
/// Sensitivity   ½ of the count, whose terms are ±½ and whose sum is exact; C of the sum, where C is what earlier releases led to
/// Theorem       both releases, each over its deviation, are one vector of a Gaussian of deviation 1, which one row moves by at most
///               √(z_Δ⁻² + (½/σ_b)²) = 1/z (Andrew et al., theorem 1)
/// Source        Andrew, Thakkar, McMahan, Ramaswamy, "Differentially Private Learning with Adaptive Clipping", NeurIPS 2021
/// </remarks>
internal sealed class AdaptiveClip
{
    private const double CountSensitivity = 0.5;

    private readonly double _quantile, _rate;
    private readonly int _batch;
    private readonly FixedPointNoise _countNoise;

    private AdaptiveClip(PrivacySpec spec, double quantile, int batch, double deviation)
    {
        (_quantile, _rate, _batch) = (quantile, spec.ClipRate, batch);
        _countNoise = new FixedPointNoise(CountSensitivity, deviation / CountSensitivity, 1);
    }

    /// <summary>That of a job; null if its clipping norm stays.</summary>
    /// <param name="spec">The job.</param>
    public static AdaptiveClip? Of(JobSpec spec) => spec.Privacy is { ClipQuantile: { } quantile } privacy
        ? new AdaptiveClip(privacy, quantile, spec.Training.Batch, DeviationOf(privacy, spec.Training.Batch))
        : null;

    /// <summary>z_Δ: the multiplier of the noise on the sum, so that sum and count together spend what the multiplier z is entered for.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="multiplier">z.</param>
    /// <exception cref="BadInputException">The count alone would spend as much.</exception>
    public static double MultiplierOfSum(JobSpec spec, double multiplier)
    {
        if (spec.Privacy is not { ClipQuantile: not null } privacy || multiplier == 0) return multiplier;
        double left = (1 / (multiplier * multiplier)) - Math.Pow(CountSensitivity / DeviationOf(privacy, spec.Training.Batch), 2);
        return left > 0 ? 1 / Math.Sqrt(left) : throw new BadInputException(
            "privacy.clip-noise", null, null, FormattableString.Invariant($"above {multiplier / 2:G4}, so that the count leaves something for the sum of gradients"),
            FormattableString.Invariant($"{DeviationOf(privacy, spec.Training.Batch):G4}"), "raise clip-noise, raise training.batch, or lower the noise");
    }

    /// <summary>What a row adds to the count.</summary>
    /// <param name="clipped">Whether its gradient is longer than C.</param>
    public static float ShareOf(bool clipped) => clipped ? -0.5f : 0.5f;

    /// <summary>The clipping norm of the next step.</summary>
    /// <param name="clip">C.</param>
    /// <param name="count">Σ (b_i − ½).</param>
    /// <param name="secret">The run's.</param>
    /// <param name="step">Which step of the run this is.</param>
    /// <param name="place">Of the count among all numbers that the step releases.</param>
    /// <exception cref="DivergedException">It is 0 or not finite.</exception>
    public float Next(float clip, float count, PrivacySecret secret, long step, long place)
    {
        float noisy = 0;
        _countNoise.Add(new ReadOnlySpan<float>(in count), new Span<float>(ref noisy), secret, step, place);
        float next = (float)(clip * StableMath.Exp(-_rate * (CountSensitivity + ((double)noisy / _batch) - _quantile)));
        return next > 0 && float.IsFinite(next) ? next : throw new DivergedException(step, "clipping norm", $"{next}");
    }

    /// <summary>σ_b: what the job says, or a twentieth of its batch, by which the paper finds the count to cost next to nothing.</summary>
    private static double DeviationOf(PrivacySpec spec, int batch) => spec.ClipNoise ?? batch / 20.0;
}

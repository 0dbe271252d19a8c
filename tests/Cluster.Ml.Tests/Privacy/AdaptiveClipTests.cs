using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Nn;

namespace Cluster.Ml.Tests.Privacy;

public class AdaptiveClipTests
{
    private const int Batch = 400;

    [Theory]
    [InlineData(0.5, 0.01)]
    [InlineData(0.9, 30)]
    public void The_clipping_norm_comes_to_the_quantile_from_either_side(double quantile, double start)
    {
        float[] norms = new float[Batch];
        Philox.FillGaussian(norms, 7, RandomPurpose.Augment, 1, 0);
        float[] sorted = [.. norms.Select(x => MathF.Exp(0.7f * x)).Order()];
        AdaptiveClip clip = AdaptiveClip.Of(Job(quantile, start: start))!;

        float norm = (float)start;
        for (int step = 0; step < 150; step++) norm = clip.Next(norm, sorted.Sum(x => AdaptiveClip.ShareOf(x > norm)), SomeSecret.One, step, 1000);

        norm.ShouldBeInRange(sorted[(int)((quantile - 0.07) * Batch)], sorted[(int)((quantile + 0.07) * Batch)]);
    }

    [Fact]
    public void The_noise_of_the_count_has_the_deviation_that_is_asked_for()
    {
        const int steps = 20_000;
        AdaptiveClip clip = AdaptiveClip.Of(Job(0.5, noise: 12.5, rate: 1))!;

        double[] counts = [.. Enumerable.Range(0, steps).Select(step => -Math.Log(clip.Next(1, 0, SomeSecret.One, step, 1000)) * Batch)];

        counts.Average().ShouldBe(0, 4 * 12.5 / Math.Sqrt(steps));
        Math.Sqrt(counts.Average(x => x * x)).ShouldBe(12.5 * (1 + FixedPointNoise.Allowance), 4 * 12.5 / Math.Sqrt(2 * steps));
    }

    [Theory]
    [InlineData(1.1, 12.5)]
    [InlineData(1.1, 0.6)]
    [InlineData(30, 16)]
    public void Sum_and_count_together_spend_what_is_entered(double multiplier, double noise)
    {
        double ofSum = AdaptiveClip.MultiplierOfSum(Job(0.5, noise: noise), multiplier);

        ofSum.ShouldBeGreaterThan(multiplier);
        RdpCurve together = RdpCurve.Of(1, ofSum).Plus(RdpCurve.Of(1, noise / 0.5)), entered = RdpCurve.Of(1, multiplier);
        for (int i = 0; i < entered.Values.Count; i++) together.Values[i].ShouldBe(entered.Values[i], 1e-9 * entered.Values[i]);
    }

    [Fact]
    public void A_count_that_would_spend_all_is_refused() =>
        Should.Throw<BadInputException>(() => AdaptiveClip.MultiplierOfSum(Job(0.5, noise: 0.5), 1.1)).Message.ShouldContain("above 0.55");

    [Fact]
    public void A_clipping_norm_that_stays_takes_no_share()
    {
        AdaptiveClip.Of(SomeNetwork.Job(privacy: new PrivacySpec(1, 1, 1e-5, null))).ShouldBeNull();
        AdaptiveClip.MultiplierOfSum(SomeNetwork.Job(privacy: new PrivacySpec(1, 1, 1e-5, null)), 1.1).ShouldBe(1.1);
    }

    [Fact]
    public void A_clipping_norm_that_leaves_the_numbers_is_an_error() =>
        Should.Throw<DivergedException>(() => AdaptiveClip.Of(Job(0.5, rate: 1000))!.Next(1, Batch, SomeSecret.One, 3, 1000));

    private static JobSpec Job(double quantile, double start = 1, double? noise = null, double rate = 0.2) => SomeNetwork.Job(
        batch: Batch, privacy: new PrivacySpec(start, 1, 1e-5, null) { ClipQuantile = quantile, ClipNoise = noise, ClipRate = rate });
}

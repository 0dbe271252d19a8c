using Cluster.Ml.Data;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Privacy;

public class FixedPointNoiseTests
{
    private const double Clip = 0.5, Multiplier = 1.25;

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(1_000_003)]
    public void A_sum_cut_into_calls_gets_the_same_noise(int first)
    {
        float[] sum = Sum(700), whole = new float[700];
        FixedPointNoise noise = new(Clip, Multiplier, 2_000_000);
        noise.Add(sum, whole, SomeSecret.One, 5, first);

        foreach (int size in new[] { 1, 63, 64, 200 })
        {
            float[] parts = new float[700];
            for (int done = 0; done < 700; done += size)
            {
                int length = Math.Min(size, 700 - done);
                noise.Add(sum.AsSpan(done, length), parts.AsSpan(done, length), SomeSecret.One, 5, first + done);
            }
            parts.ShouldBe(whole);
        }
    }

    [Fact]
    public void What_is_released_is_a_whole_number_of_the_grid_with_the_secret_s_noise()
    {
        FixedPointNoise noise = new(Clip, Multiplier, 4096);
        float[] sum = Sum(4096), noisy = new float[4096];
        noise.Add(sum, noisy, SomeSecret.One, 7, 0);

        DiscreteGaussian gaussian = new(DiscreteGaussian.BitsMax);
        for (int block = 0; block < 4096 / 64; block++)
        {
            SecretWords words = SomeSecret.One.NoiseWords(7, (block * 1024L, 1024), new ulong[SecretWords.GroupLength]);
            long[] drawn = new long[64];
            gaussian.Fill(drawn, ref words);
            for (int i = 0; i < 64; i++) noisy[(64 * block) + i].ShouldBe((float)((Math.Round(sum[(64 * block) + i] / noise.Grid) + drawn[i]) * noise.Grid));
        }
    }

    [Fact]
    public void Its_deviation_is_the_multiplier_times_the_sensitivity()
    {
        const int n = 1 << 18;
        float[] noisy = new float[n];
        FixedPointNoise noise = new(Clip, Multiplier, n);
        noise.Add(new float[n], noisy, SomeSecret.One, 1, 0);

        double deviation = Math.Sqrt(noisy.Sum(x => (double)x * x) / n), wanted = Multiplier * Clip * (1 + FixedPointNoise.Allowance);
        deviation.ShouldBe(wanted, 4 * wanted / Math.Sqrt(2.0 * n));
        (noise.Grid * (1 << 24)).ShouldBe(Multiplier * ((Clip * (1 + FixedPointNoise.Allowance)) + (noise.Grid * Math.Sqrt(n))), 1e-12);
    }

    [Fact]
    public void Another_step_or_secret_gives_other_noise()
    {
        FixedPointNoise noise = new(Clip, Multiplier, 64);
        float[] Of(PrivacySecret secret, long step)
        {
            float[] noisy = new float[64];
            noise.Add(new float[64], noisy, secret, step, 0);
            return noisy;
        }
        float[][] all = [Of(SomeSecret.One, 0), Of(SomeSecret.One, 1), Of(SomeSecret.One, 1L << 40), Of(SomeSecret.One.OfFold(1), 0)];
        all.Select(numbers => numbers[0]).Distinct().Count().ShouldBe(all.Length);
    }

    [Fact]
    public void Without_noise_the_sum_stays()
    {
        float[] noisy = new float[8];
        new FixedPointNoise(1, 0, 8).Add(Sum(8), noisy, SomeSecret.One, 0, 0);
        noisy.ShouldBe(Sum(8));
    }

    [Fact]
    public void More_noise_than_a_grid_can_hold_is_refused() =>
        Should.Throw<BadInputException>(() => new FixedPointNoise(1, 1 << 20, 1_000_000)).Message.ShouldContain("at most 4194");

    private static float[] Sum(int count) => [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(i * 1.7))];
}

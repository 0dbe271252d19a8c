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
        float[] sum = Sum(2500), whole = new float[2500];
        FixedPointNoise noise = new(Clip, Multiplier, 2_000_000);
        noise.Add(sum, whole, SomeSecret.One, 5, first);

        foreach (int size in new[] { 61, 1000, 1024 })
        {
            float[] parts = new float[2500];
            for (int done = 0; done < 2500; done += size)
            {
                int length = Math.Min(size, 2500 - done);
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
        for (int block = 0; block < 4; block++)
        {
            uint[] draws = new uint[1024];
            int[] drawn = new int[1024];
            SomeSecret.One.FillNoise(draws, 7, block * 32);
            SecretWords more = SomeSecret.One.NoiseWords(7, ((block * 2048L) + 512, 1536), new ulong[SecretWords.GroupLength]);
            gaussian.Fill(draws, drawn, ref more);
            for (int i = 0; i < 1024; i++) noisy[(1024 * block) + i].ShouldBe((float)((Math.Round(sum[(1024 * block) + i] / noise.Grid) + drawn[i]) * noise.Grid));
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

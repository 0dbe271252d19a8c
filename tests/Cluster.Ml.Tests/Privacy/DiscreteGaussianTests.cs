using System.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Privacy;

public class DiscreteGaussianTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(4, 8)]
    [InlineData(10, 512)]
    public void Its_numbers_come_as_often_as_their_probability_says(int bits, int width)
    {
        const int draws = 200_000;
        double sigma = 1 << bits;
        Dictionary<long, int> counts = Draws(bits, draws).GroupBy(n => (long)Math.Round((double)n / width)).ToDictionary(bin => bin.Key, bin => bin.Count());
        int range = 40 << bits;
        double[] weights = [.. Enumerable.Range(-range, (2 * range) + 1).Select(n => Math.Exp(-n * (double)n / (2 * sigma * sigma)))];
        double all = weights.Sum();

        // A sum of squares of so many normal numbers: wanted below its 99.9th percentile, by Wilson and Hilferty.
        double chi = 0, bins = 0;
        foreach (IGrouping<long, int> bin in Enumerable.Range(-range, (2 * range) + 1).GroupBy(n => (long)Math.Round((double)n / width)))
        {
            double expected = draws * bin.Sum(n => weights[n + range]) / all;
            if (expected < 8) continue;
            chi += Math.Pow(counts.GetValueOrDefault(bin.Key) - expected, 2) / expected;
            bins++;
        }
        chi.ShouldBeLessThan(bins * Math.Pow(1 - (2 / (9 * bins)) + (3.09 * Math.Sqrt(2 / (9 * bins))), 3));
    }

    [Fact]
    public void Its_moments_are_those_of_the_normal_distribution()
    {
        const int n = 1 << 19;
        double[] numbers = [.. Draws(DiscreteGaussian.BitsMax, n).Select(number => Math.ScaleB(number, -DiscreteGaussian.BitsMax))];

        double[] moments = [.. Enumerable.Range(1, 4).Select(power => numbers.Sum(x => Math.Pow(x, power)) / n)];

        double[] wanted = [0, 1, 0, 3], variances = [1, 2, 15, 96];
        for (int i = 0; i < 4; i++) moments[i].ShouldBe(wanted[i], 4 * Math.Sqrt(variances[i] / n));
    }

    [Theory]
    [InlineData(0, 1UL << 23)]
    [InlineData(0, (1UL << 24) - 1)]
    [InlineData(1, 77)]
    [InlineData(2, 12_345_678)]
    public void A_uniform_number_that_its_first_word_leaves_open_is_decided_by_the_next(int k, ulong j)
    {
        BigInteger power = ExactExponential.Scaled(new BigInteger(j) * (((ulong)k << 25) + j), 49, 128);
        ulong head = (ulong)(power >> 64), rest = (ulong)(power & ulong.MaxValue), first = FirstWord(k, j);
        ulong other = FirstWord(0, 1);

        Drawn([first, head, rest - 2]).ShouldBe(((long)k << 24) + (long)j);
        Drawn([first, head, rest + 2, other, 0]).ShouldBe(1);
    }

    [Fact]
    public void A_multiple_that_the_first_bits_leave_open_is_decided_by_the_next_word()
    {
        // P(k = 0) = 1 / Σ e^(−k²/2), here in doubles: the first 39 bits of it, and what follows below and above.
        double first = 1 / Enumerable.Range(0, 40).Sum(k => Math.Exp(-k * k / 2.0));
        ulong head = (ulong)Math.ScaleB(first, 39), word = (head << 25) | 5;

        Drawn([word, 0, 0]).ShouldBe(5);
        Drawn([word, 0, ulong.MaxValue]).ShouldBe((1 << 24) + 5);
    }

    [Fact]
    public void Minus_zero_is_drawn_again() => Drawn([FirstWord(0, 0) | (1 << 24), 0, FirstWord(0, 3), 0]).ShouldBe(3);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void Its_loss_is_never_above_what_the_accountant_counts(double rate)
    {
        int[] orders = [2, 3, 4, 6, 8, 16];
        foreach (double sigma in new[] { 0.7, 1, 2, 5 })
        {
            foreach (int[] shift in new int[][] { [1], [2], [1, 1], [2, -1] })
            {
                double length = Math.Sqrt(shift.Sum(m => m * m));
                foreach (int order in orders)
                {
                    double counted = RdpCurve.Of(rate, sigma / length, [order]).Values[0];
                    Sampled(rate, sigma, shift, order).ShouldBeLessThanOrEqualTo((counted * (1 + 1e-9)) + 1e-12, $"{sigma} {order}");
                    Sampled(rate, sigma, shift, 1 - order).ShouldBeLessThanOrEqualTo((counted * (1 + 1e-9)) + 1e-12, $"the other way, {sigma} {order}");
                }
            }
        }
    }

    [Fact]
    public void Of_a_fine_grid_it_is_what_the_accountant_counts_at_every_order()
    {
        foreach (double order in new[] { 1.5, 2.7, 9.3, 20 })
            Sampled(0.1, 8, [8], order).ShouldBe(RdpCurve.Of(0.1, 1, [order]).Values[0], 1e-9);
    }

    /// <summary>Of order α: log E_Q[((1−q) + q·P/Q)^α] / (α−1), summed over the lattice. An order 1 − α is that of Q against the mixture.</summary>
    private static double Sampled(double rate, double sigma, int[] shift, double order)
    {
        int range = (int)(sigma * 14) + (40 * shift.Max(Math.Abs));
        double all = 0, squares = shift.Sum(m => m * m);
        List<double> logs = [];
        int across = shift.Length == 1 ? 0 : range;
        for (int x = -range; x <= range; x++)
            for (int y = -across; y <= across; y++)
            {
                double log = -((x * (double)x) + (y * (double)y)) / (2 * sigma * sigma);
                double along = (x * shift[0]) + (shift.Length == 1 ? 0 : y * shift[1]);
                double mixture = 1 - rate + (rate * Math.Exp(((2 * along) - squares) / (2 * sigma * sigma)));
                if (mixture > 0) logs.Add(log + (order * Math.Log(mixture)));
                all += Math.Exp(log);
            }
        double most = logs.Max();
        return (most + Math.Log(logs.Sum(log => Math.Exp(log - most)) / all)) / (order > 1 ? order - 1 : -order);
    }

    private static ulong FirstWord(int k, ulong j)
    {
        double[] sums = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, i + 1).Sum(m => Math.Exp(-m * m / 2.0)))];
        double middle = ((k == 0 ? 0 : sums[k - 1]) + sums[k]) / 2 / sums[^1];
        return ((ulong)Math.ScaleB(middle, 39) << 25) | j;
    }

    private static long Drawn(ulong[] words)
    {
        SecretWords source = new(words);
        long[] number = new long[1];
        new DiscreteGaussian(DiscreteGaussian.BitsMax).Fill(number, ref source);
        return number[0];
    }

    private static long[] Draws(int bits, int count)
    {
        DiscreteGaussian gaussian = new(bits);
        SecretWords words = SomeSecret.One.NoiseWords(bits, (0, 1L << 30), new ulong[SecretWords.GroupLength]);
        long[] numbers = new long[count];
        gaussian.Fill(numbers, ref words);
        return numbers;
    }
}

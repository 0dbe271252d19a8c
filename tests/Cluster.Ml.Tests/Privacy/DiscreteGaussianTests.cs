using System.Collections.Concurrent;
using System.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Privacy;

public class DiscreteGaussianTests
{
    private static readonly ConcurrentDictionary<int, DiscreteGaussian> s_gaussians = new();

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
        chi.ShouldBeLessThan(PercentileOf(bins));
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
    [InlineData(0, new long[] { 0, 1, -1, 3, -4 })]
    [InlineData(3, new long[] { 0, 5, -6, 31, -32 })]
    [InlineData(7, new long[] { 0, -1, 100, -333, 511, -512 })]
    [InlineData(24, new long[] { 0, 1, -1, 524_287, 524_288, -524_288, 9_876_543, -33_333_333, 67_108_863, -67_108_864 })]
    public void The_tiles_over_a_number_are_as_high_as_the_curve(int bits, long[] numbers)
    {
        (GaussianTiles tiles, DiscreteGaussian gaussian) = (new(bits), Gaussian(bits));
        foreach (long number in numbers)
        {
            long bin = number >> tiles.WidthBits;
            uint within = (uint)(number - (bin << tiles.WidthBits));
            double height = Enumerable.Range(0, tiles.Crossed).Where(tile => tiles.Bins[tile] == bin).Sum(tile => ShareOf(tiles, gaussian, ((uint)tile << 19) | within, []));
            height.ShouldBe(tiles.Height * Math.Exp(-number * (double)number * Math.ScaleB(1, -(2 * bits) - 1)), 1e-9, $"{number}");
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 2, 0)]
    [InlineData(7, 0, 31)]
    [InlineData(24, 0, 0)]
    [InlineData(24, 1, 4_000_000)]
    [InlineData(24, 10, 17)]
    public void A_number_of_the_tail_comes_as_often_as_the_curve_is_high(int bits, int block, long within)
    {
        (GaussianTiles tiles, DiscreteGaussian gaussian) = (new(bits), Gaussian(bits));
        double number = tiles.TailStart + ((double)block * (1L << tiles.BlockBits)) + within;
        ulong zeros = 1UL << (63 - block);
        foreach (int side in new[] { 0, -1 })
        {
            double shares = Enumerable.Range(tiles.Crossed, tiles.Count - tiles.Crossed).Where(tile => tiles.Bins[tile] == side)
                .Sum(tile => ShareOf(tiles, gaussian, (uint)tile << 19, [zeros, (ulong)within]));
            double ofNumber = shares * Math.ScaleB(1, -block - 1 - tiles.BlockBits + tiles.WidthBits), distance = number - side;
            ofNumber.ShouldBe(tiles.Height * Math.Exp(-distance * distance * Math.ScaleB(1, -(2 * bits) - 1)), 1e-8 * ofNumber);
        }
    }

    [Fact]
    public void Bins_tail_and_their_images_hold_every_number_once()
    {
        foreach (int bits in new[] { 0, 4, 5, 24 })
        {
            GaussianTiles tiles = new(bits);
            int bins = (int)(tiles.TailStart >> tiles.WidthBits);
            Enumerable.Range(0, tiles.Crossed).Select(tile => (int)tiles.Bins[tile]).Distinct().Order().ShouldBe(Enumerable.Range(-bins, 2 * bins));
            tiles.Count.ShouldBeInRange(8000, 8192);
            Drawn(bits, [(uint)tiles.Crossed << 19], [1UL << 63, 0, 0]).ShouldBe(tiles.TailStart);
            Drawn(bits, [(uint)((tiles.Crossed + tiles.Count) / 2) << 19], [1UL << 63, 0, 0]).ShouldBe(-tiles.TailStart - 1);
        }
    }

    [Theory]
    [InlineData(24, 1UL)]
    [InlineData(24, 77_777UL)]
    [InlineData(9, 3UL)]
    public void A_uniform_number_that_its_first_word_leaves_open_is_decided_by_the_next(int bits, ulong within)
    {
        GaussianTiles tiles = new(bits);
        int tile = Enumerable.Range(tiles.Whole, tiles.Crossed - tiles.Whole).First(crossed => tiles.Bins[crossed] == 3 && CrossesAt(tiles, bits, crossed, within) is > 0.1 and < 0.9);
        long number = (3L << tiles.WidthBits) + (long)within;
        BigInteger place = (ExactExponential.Scaled((BigInteger)number * number, (2 * bits) + 1, 160) * tiles.Height >> 32) - ((BigInteger)tiles.LayerOf(tile) << 128);
        (ulong head, ulong rest) = ((ulong)(place >> 64), (ulong)(place & ulong.MaxValue));
        uint draw = ((uint)tile << 19) | (uint)within;

        Drawn(bits, [draw], [head, rest - (1 << 20)]).ShouldBe(number);
        Drawn(bits, [draw], [head, rest + (1 << 20), 5]).ShouldBe(5, "drawn anew, of tile 0");
    }

    [Fact]
    public void A_tail_too_far_for_double_precision_is_decided_in_whole_numbers()
    {
        GaussianTiles tiles = new(24);
        long far = tiles.TailStart + (200L << tiles.BlockBits);
        BigInteger curve = ExactExponential.Scaled((BigInteger)far * far, 49, 3000);
        curve.ShouldBeGreaterThan(0);
        ulong[] to200 = [0, 0, 0, 1UL << 55, 0];
        Drawn(24, [(uint)tiles.Crossed << 19], [.. to200, 1UL << 63, 3]).ShouldBe(3, "0.5·2^-200 lies above e^-1458");
        Drawn(24, [(uint)tiles.Crossed << 19], [.. to200, .. new ulong[40]]).ShouldBe(far);
    }

    [Fact]
    public void What_is_no_tile_is_drawn_again() => Drawn(24, [uint.MaxValue], [9]).ShouldBe(9);

    [Fact]
    public void Quick_and_slow_draws_follow_one_law()
    {
        // Words that stand outside the tiles send every number through the slow path; two samples of one law, by chi-square of their counts.
        const int draws = 100_000;
        int[] quick = Draws(6, draws), slow = new int[draws];
        SecretWords words = SomeSecret.One.NoiseWords(77, (0, 1L << 30), new ulong[SecretWords.GroupLength]);
        new DiscreteGaussian(6).Fill(Enumerable.Repeat(uint.MaxValue, draws).ToArray(), slow, ref words);

        double chi = 0;
        int bins = 0;
        for (int bin = -16; bin <= 16; bin++)
        {
            double first = quick.Count(n => n >> 3 == bin), second = slow.Count(n => n >> 3 == bin);
            if (first + second < 16) continue;
            chi += Math.Pow(first - second, 2) / (first + second);
            bins++;
        }
        bins.ShouldBeGreaterThan(20);
        chi.ShouldBeLessThan(PercentileOf(bins));
    }

    [Fact]
    public void Its_tails_are_as_heavy_as_they_should_be()
    {
        const int draws = 1 << 22;
        int[] numbers = Draws(DiscreteGaussian.BitsMax, draws);
        foreach ((double from, double probability) in new[] { (2.0, 0.0455002638963584), (3, 0.00269979606326019), (4, 6.33424836662398e-05) })
        {
            double wanted = draws * probability, found = numbers.Count(n => Math.Abs((double)n) >= from * (1 << 24));
            found.ShouldBe(wanted, 4.5 * Math.Sqrt(wanted), $"beyond {from}");
        }
    }

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

    /// <summary>For which share of all u a draw's number counts: by halving, to 2⁻⁴⁶.</summary>
    private static double ShareOf(GaussianTiles tiles, DiscreteGaussian gaussian, uint draw, ulong[] before)
    {
        int tile = (int)(draw >> 19), other = Enumerable.Range(0, tiles.Whole).First(whole => tiles.Bins[whole] is 0 or -1 && tiles.Bins[whole] != tiles.Bins[tile]);
        if (tile < tiles.Whole) return 1;
        ulong low = 0, high = 1UL << 46;
        while (low < high)
        {
            ulong middle = low + ((high - low) / 2);
            SecretWords words = new([.. before, (middle << 18) | 1, (ulong)other << 19]);
            int[] number = new int[1];
            gaussian.Fill(new[] { draw }, number, ref words);
            if (number[0] >> tiles.WidthBits != tiles.Bins[other]) low = middle + 1;
            else high = middle;
        }
        return Math.ScaleB(low, -46);
    }

    private static double CrossesAt(GaussianTiles tiles, int bits, int tile, ulong within)
    {
        double number = (tiles.Bins[tile] * Math.ScaleB(1, tiles.WidthBits)) + within;
        return (tiles.Height * Math.Exp(-number * number * Math.ScaleB(1, -(2 * bits) - 1))) - tiles.LayerOf(tile);
    }

    private static double PercentileOf(double bins) => bins * Math.Pow(1 - (2 / (9 * bins)) + (3.09 * Math.Sqrt(2 / (9 * bins))), 3);

    private static DiscreteGaussian Gaussian(int bits) => s_gaussians.GetOrAdd(bits, value => new DiscreteGaussian(value));

    private static long Drawn(int bits, uint[] draws, ulong[] words)
    {
        SecretWords source = new(words);
        int[] number = new int[1];
        Gaussian(bits).Fill(draws, number, ref source);
        return number[0];
    }

    private static int[] Draws(int bits, int count)
    {
        uint[] draws = new uint[(count + 127) / 128 * 128];
        SomeSecret.One.FillNoise(draws, bits, 1L << 26);
        SecretWords words = SomeSecret.One.NoiseWords(bits, (0, 1L << 30), new ulong[SecretWords.GroupLength]);
        int[] numbers = new int[count];
        Gaussian(bits).Fill(draws.AsSpan(0, count), numbers, ref words);
        return numbers;
    }
}

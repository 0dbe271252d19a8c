using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Randomness;

public class RandomStreamTests
{
    [Fact]
    public void Equal_keys_give_equal_numbers_and_other_keys_others()
    {
        RandomStream a = RandomStream.At(7, RandomPurpose.Split, 1, 2), b = RandomStream.At(7, RandomPurpose.Split, 1, 2);
        RandomStream c = RandomStream.At(7, RandomPurpose.Split, 2, 1), d = RandomStream.At(8, RandomPurpose.Split, 1, 2);

        uint[] first = [a.NextUInt32(), a.NextUInt32(), a.NextUInt32(), a.NextUInt32(), a.NextUInt32()];

        new[] { b.NextUInt32(), b.NextUInt32(), b.NextUInt32(), b.NextUInt32(), b.NextUInt32() }.ShouldBe(first);
        c.NextUInt32().ShouldNotBe(first[0]);
        d.NextUInt32().ShouldNotBe(first[0]);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(1L << 44, 0)]
    [InlineData(0, 1L << 44)]
    public void An_index_out_of_range_is_refused(long major, long minor) =>
        Should.Throw<ArgumentOutOfRangeException>(() => RandomStream.At(1, RandomPurpose.Split, major, minor));

    [Fact]
    public void Whole_numbers_are_equally_likely()
    {
        RandomStream stream = RandomStream.At(3, RandomPurpose.Shuffle);
        var counts = new int[7];
        for (int i = 0; i < 70_000; i++) counts[stream.Next(7)]++;

        double chiSquare = counts.Sum(n => (n - 10_000.0) * (n - 10_000.0) / 10_000.0);
        chiSquare.ShouldBeLessThan(22.46);      // the 0.999 quantile of chi-square with 6 degrees of freedom
    }

    [Fact]
    public void Doubles_lie_in_the_unit_interval_with_the_right_mean()
    {
        RandomStream stream = RandomStream.At(3, RandomPurpose.Initialize);
        double sum = 0;
        for (int i = 0; i < 100_000; i++)
        {
            double value = stream.NextDouble();
            value.ShouldBeInRange(0, 1 - (1.0 / (1UL << 53)));
            sum += value;
        }

        (sum / 100_000).ShouldBe(0.5, 5 / Math.Sqrt(12 * 100_000.0));
    }

    [Fact]
    public void Gaussians_have_mean_zero_and_variance_one()
    {
        RandomStream stream = RandomStream.At(3, RandomPurpose.Initialize);
        double sum = 0, squares = 0;
        for (int i = 0; i < 100_000; i++)
        {
            double value = stream.NextGaussian();
            sum += value;
            squares += value * value;
        }

        (sum / 100_000).ShouldBe(0, 5 / Math.Sqrt(100_000.0));
        (squares / 100_000).ShouldBe(1, 5 * Math.Sqrt(2 / 100_000.0));
    }

    [Fact]
    public void Shuffle_permutes_and_every_order_is_equally_likely()
    {
        RandomStream stream = RandomStream.At(3, RandomPurpose.Shuffle);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 24_000; i++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            stream.Shuffle(items.AsSpan());
            string order = new(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        counts.Count.ShouldBe(24);
        counts.Values.Sum(n => (n - 1000.0) * (n - 1000.0) / 1000.0).ShouldBeLessThan(49.73);   // 0.999 quantile, 23 degrees
    }
}

public class PolarMathTests
{
    [Fact]
    public void Logarithm_agrees_with_the_platforms_to_a_unit_in_the_last_place()
    {
        for (int i = 1; i <= 100_000; i++)
        {
            double x = i / 100_001.0, wanted = Math.Log(x);
            PolarMath.Log(x).ShouldBe(wanted, Math.Abs(wanted) * 4.5e-16);
        }
        PolarMath.Log(0.5 / 4294967296.0).ShouldBe(-33 * Math.Log(2), 1e-14);
    }

    [Fact]
    public void Sine_and_cosine_agree_with_the_platforms()
    {
        for (int i = 0; i < 100_000; i++)
        {
            double v = i / 100_000.0;
            (double sin, double cos) = PolarMath.SinCosTurns(v);
            sin.ShouldBe(Math.Sin(2 * Math.PI * v), 1e-15);
            cos.ShouldBe(Math.Cos(2 * Math.PI * v), 1e-15);
        }
    }

    [Fact]
    public void Sine_and_cosine_of_radians_are_those_of_the_platform_but_for_rounding()
    {
        for (double x = -10; x <= 10; x += 0.0037)
        {
            (double sin, double cos) = PolarMath.SinCos(x);
            sin.ShouldBe(Math.Sin(x), 3e-15);
            cos.ShouldBe(Math.Cos(x), 3e-15);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1e-300)]
    [InlineData(-5e-324)]
    public void Nothing_and_next_to_nothing_have_the_sine_zero(double x) => PolarMath.SinCos(x).ShouldBe((0, 1));
}

using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Tests.Numerics;

public class StableMathTests
{
    private const double FloatNormalMin = 1.17549435e-38;

    [Fact]
    public void Exp_of_floats_is_within_2_units_of_the_last_place() =>
        LargestRelativeError(Grid(-87.3, 88.7, 400_003), StableMath.Exp, Math.Exp).ShouldBeLessThan(1.2e-7);

    [Fact]
    public void Log_of_floats_is_within_2_units_of_the_last_place() =>
        LargestRelativeError(PositiveGrid(400_003), StableMath.Log, Math.Log).ShouldBeLessThan(1.2e-7);

    [Fact]
    public void Tanh_of_floats_is_within_4_units_of_the_last_place() =>
        LargestRelativeError(Grid(-12, 12, 400_003), StableMath.Tanh, Math.Tanh).ShouldBeLessThan(2.4e-7);

    [Fact]
    public void Sigmoid_of_floats_is_within_4_units_of_the_last_place() =>
        LargestRelativeError(Grid(-87, 40, 400_003), StableMath.Sigmoid, x => 1 / (1 + Math.Exp(-x))).ShouldBeLessThan(2.4e-7);

    [Fact]
    public void Exp_of_doubles_is_within_2_units_of_the_last_place()
    {
        double worst = 0;
        for (double x = -708; x < 709; x += 0.00317)
            worst = Math.Max(worst, Math.Abs((StableMath.Exp(x) / Math.Exp(x)) - 1));
        worst.ShouldBeLessThan(4.5e-16);
    }

    [Fact]
    public void Log_of_doubles_is_within_2_units_of_the_last_place()
    {
        double worst = 0;
        for (double x = 1e-300; x < 1e300; x *= 1.00371)
            worst = Math.Max(worst, Math.Abs((StableMath.Log(x) - Math.Log(x)) / Math.Log(x)));
        for (double x = 0.5; x < 2; x += 0.0000137)
            worst = Math.Max(worst, Math.Abs((StableMath.Log(x) - Math.Log(x)) / Math.Log(x)));
        worst.ShouldBeLessThan(4.5e-16);
    }

    [Fact]
    public void Sigmoid_of_doubles_is_within_4_units_of_the_last_place()
    {
        double worst = 0;
        for (double x = -700; x < 40; x += 0.00317)
        {
            double expected = 1 / (1 + Math.Exp(-x));
            worst = Math.Max(worst, Math.Abs((StableMath.Sigmoid(x) - expected) / expected));
        }
        worst.ShouldBeLessThan(9e-16);
    }

    [Fact]
    public void Edges_of_exp_follow_ieee()
    {
        StableMath.Exp(float.PositiveInfinity).ShouldBe(float.PositiveInfinity);
        StableMath.Exp(float.NegativeInfinity).ShouldBe(0);
        StableMath.Exp(float.NaN).ShouldBe(float.NaN);
        StableMath.Exp(0f).ShouldBe(1);
        StableMath.Exp(88.8f).ShouldBe(float.PositiveInfinity);
        StableMath.Exp(88.72f).ShouldBeLessThan(float.MaxValue);
        StableMath.Exp(-104f).ShouldBe(0);
        StableMath.Exp(-103f).ShouldBe(float.Epsilon);                      // subnormal
        StableMath.Exp(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        StableMath.Exp(double.NegativeInfinity).ShouldBe(0);
        StableMath.Exp(double.NaN).ShouldBe(double.NaN);
        StableMath.Exp(0.0).ShouldBe(1);
    }

    [Fact]
    public void Edges_of_log_follow_ieee()
    {
        StableMath.Log(0f).ShouldBe(float.NegativeInfinity);
        StableMath.Log(-0f).ShouldBe(float.NegativeInfinity);
        StableMath.Log(-1f).ShouldBe(float.NaN);
        StableMath.Log(1f).ShouldBe(0);
        StableMath.Log(float.PositiveInfinity).ShouldBe(float.PositiveInfinity);
        StableMath.Log(float.NaN).ShouldBe(float.NaN);
        StableMath.Log(float.Epsilon).ShouldBe((float)Math.Log(float.Epsilon));
        StableMath.Log(0.0).ShouldBe(double.NegativeInfinity);
        StableMath.Log(-1.0).ShouldBe(double.NaN);
        StableMath.Log(1.0).ShouldBe(0);
        StableMath.Log(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        StableMath.Log(double.NaN).ShouldBe(double.NaN);
        StableMath.Log(double.Epsilon).ShouldBe(Math.Log(double.Epsilon), 1e-12);
    }

    [Fact]
    public void Edges_of_tanh_and_sigmoid_follow_their_limits()
    {
        float[] y = new float[6];
        StableMath.Tanh([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0f, -0f, 1e30f], y);
        y.ShouldBe([1, -1, float.NaN, 0, -0f, 1]);
        BitConverter.SingleToInt32Bits(y[4]).ShouldBe(int.MinValue);

        StableMath.Sigmoid([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0f, -1e30f, 1e30f], y);
        y.ShouldBe([1, 0, float.NaN, 0.5f, 0, 1]);
    }

    [Theory]
    [InlineData((int)LaneWidth.Bits128)]
    [InlineData((int)LaneWidth.Bits256)]
    [InlineData((int)LaneWidth.Bits512)]
    public void Every_width_gives_the_bits_of_one_number_at_a_time(int width)
    {
        float[] x = [.. Grid(-110, 110, 10_007), .. PositiveGrid(10_007), .. Edges];
        SameBits<ExponentialFloat>(x, (LaneWidth)width);
        SameBits<LogarithmFloat>(x, (LaneWidth)width);
        SameBits<HyperbolicTangentFloat>(x, (LaneWidth)width);
        SameBits<LogisticSigmoidFloat>(x, (LaneWidth)width);

        double[] d = Array.ConvertAll(x, v => (double)v * Math.PI);
        SameBitsDouble<ExponentialDouble>(d, (LaneWidth)width);
        SameBitsDouble<LogarithmDouble>(d, (LaneWidth)width);
        SameBitsDouble<LogisticSigmoidDouble>(d, (LaneWidth)width);
    }

    [Fact]
    public void A_target_that_is_too_short_is_refused() =>
        Should.Throw<ArgumentException>(() => StableMath.Exp(new float[3], new float[2])).Message.ShouldContain("room for 3");

    private static readonly float[] Edges =
        [0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 1e-40f];

    private delegate void Bulk(ReadOnlySpan<float> x, Span<float> y);

    private static double LargestRelativeError(float[] x, Bulk bulk, Func<double, double> exact)
    {
        float[] y = new float[x.Length];
        bulk(x, y);
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = exact(x[i]);
            if (Math.Abs(expected) < FloatNormalMin) continue;
            worst = Math.Max(worst, Math.Abs((y[i] - expected) / expected));
        }
        return worst;
    }

    private static float[] Grid(double from, double to, int count)
    {
        float[] grid = new float[count];
        for (int i = 0; i < count; i++) grid[i] = (float)(from + ((to - from) * i / (count - 1)));
        return grid;
    }

    private static float[] PositiveGrid(int count)
    {
        float[] grid = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            grid[i] = BitConverter.Int32BitsToSingle((int)(1 + ((long)i * 0x7F7FFFFE / (count - 1))));
            grid[count + i] = 0.5f + (1.5f * i / (count - 1));
        }
        return grid;
    }

    private static void SameBits<TMap>(float[] x, LaneWidth width)
        where TMap : struct, IMap<float>
    {
        float[] one = new float[x.Length], wide = new float[x.Length];
        Map.Run<TMap, float>(x, one, LaneWidth.Scalar);
        Map.Run<TMap, float>(x, wide, width);
        Bits(wide).SequenceEqual(Bits(one)).ShouldBeTrue(typeof(TMap).Name);
    }

    private static void SameBitsDouble<TMap>(double[] x, LaneWidth width)
        where TMap : struct, IMap<double>
    {
        double[] one = new double[x.Length], wide = new double[x.Length];
        Map.Run<TMap, double>(x, one, LaneWidth.Scalar);
        Map.Run<TMap, double>(x, wide, width);
        Array.ConvertAll(wide, BitsOf).SequenceEqual(Array.ConvertAll(one, BitsOf)).ShouldBeTrue(typeof(TMap).Name);
    }

    // The sign and payload of a NaN are the processor's own affair.
    private static long BitsOf(double value) => double.IsNaN(value) ? long.MaxValue : BitConverter.DoubleToInt64Bits(value);

    private static int[] Bits(float[] values) =>
        Array.ConvertAll(values, v => float.IsNaN(v) ? int.MaxValue : BitConverter.SingleToInt32Bits(v));
}

using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Tests.Nn.Activations;

public class ActivationTests
{
    [Theory]
    [InlineData("relu")]
    [InlineData("leaky-relu")]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    [InlineData("none")]
    public void Values_and_slopes_are_those_of_the_formulas(string name)
    {
        Func<double, double> f = name switch
        {
            "relu" => x => Math.Max(x, 0),
            "leaky-relu" => x => x < 0 ? 0.01 * x : x,
            "tanh" => Math.Tanh,
            "sigmoid" => x => 1 / (1 + Math.Exp(-x)),
            _ => x => x,
        };
        float[] x = GoldenNn.Wave(3 * 21, 0.77, 4), bias = GoldenNn.Wave(21, 1.1), y = [.. x];
        Activation activation = ActivationRegistry.Of(name);
        activation.Forward(y, bias);
        float[] slope = [.. Enumerable.Repeat(1f, y.Length)];
        activation.Backward(y, slope);

        activation.Name.ShouldBe(name);
        for (int i = 0; i < x.Length; i++)
        {
            double z = (double)x[i] + bias[i % 21], h = 1e-6;
            ((double)y[i]).ShouldBe(f(z), 1e-6);
            ((double)slope[i]).ShouldBe((f(z + h) - f(z - h)) / (2 * h), 2e-6);
        }
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        Same<Relu>();
        Same<LeakyRelu>();
        Same<Tanh>();
        Same<Sigmoid>();
        Same<Identity>();

        static void Same<TFunction>()
            where TFunction : struct, IActivationFunction
        {
            float[] x = [.. GoldenNn.Wave(400, 0.77, 20), float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f], bias = GoldenNn.Wave(27, 1.1);
            int[][] results = [.. Enum.GetValues<LaneWidth>().Select(width =>
            {
                float[] y = [.. x], gradient = GoldenNn.Wave(x.Length, 0.3);
                ActivationOf<TFunction>.Forward(y, bias, width);
                ActivationOf<TFunction>.Backward(y, gradient, width);
                return (int[])[.. SomeNetwork.Bits(y), .. SomeNetwork.Bits(gradient)];
            })];
            foreach (int[] bits in results[1..]) bits.ShouldBe(results[0], typeof(TFunction).Name);
        }
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        foreach (string name in new[] { "relu", "leaky-relu", "tanh", "sigmoid", "none" })
        {
            float[] y = [float.NaN];
            ActivationRegistry.Of(name).Forward(y, [0]);
            y[0].ShouldBe(float.NaN, name);
        }
    }
}

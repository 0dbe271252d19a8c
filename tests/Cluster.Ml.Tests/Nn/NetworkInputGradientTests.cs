using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Nn;

/// <summary>The gradient of logits by rows, by central differences.</summary>
public sealed class NetworkInputGradientTests
{
    private const int Features = 6, Classes = 4, Rows = 5;

    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp")]
    public void It_agrees_with_finite_differences(string kind)
    {
        (NetworkLearner learner, NumericBuffer state) = Some(kind);
        IInputGradient gradient = learner.CreateInputGradient(state);
        float[] rows = Gaussian(Rows * Features, 1), by = Gaussian(Rows * Classes, 2), found = new float[rows.Length], logits = new float[Rows * Classes];
        gradient.Forward(rows, Rows, logits);
        gradient.Backward(by, found);

        for (int i = 0; i < rows.Length; i++) ((double)found[i]).ShouldBe(Difference(gradient, rows, by, i), 2e-3);
        found.Count(value => value != 0).ShouldBeGreaterThan(Rows * Features / 2);
    }

    [Fact]
    public void A_row_has_the_same_bits_alone()
    {
        (NetworkLearner learner, NumericBuffer state) = Some("mlp");
        IInputGradient gradient = learner.CreateInputGradient(state);
        float[] rows = Gaussian(Rows * Features, 1), by = Gaussian(Rows * Classes, 2), all = new float[rows.Length], one = new float[Features], logits = new float[Rows * Classes];
        gradient.Forward(rows, Rows, logits);
        gradient.Backward(by, all);

        for (int row = 0; row < Rows; row++)
        {
            gradient.Forward(rows.AsSpan(row * Features, Features), 1, logits);
            gradient.Backward(by.AsSpan(row * Classes, Classes), one);
            SomeNetwork.Bits(one).ShouldBe(SomeNetwork.Bits(all.AsSpan(row * Features, Features)));
        }
    }

    [Fact]
    public void A_layer_without_slope_is_named() =>
        NetworkLearner.Create(SomeNetwork.Job(layers: [new DenseOptions(3, "heaviside") { Frozen = true }]), SomeNetwork.Shape(Features, Classes), 0)
            .WithoutInputGradient.ShouldBe("layer 1 (dense 3)");

    private static (NetworkLearner Learner, NumericBuffer State) Some(string kind)
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(kind, layers: [new DenseOptions(7, "tanh"), new DenseOptions(5, "sigmoid")]), SomeNetwork.Shape(Features, Classes), 0);
        return (learner, SomeNetwork.Start(learner, spread: 0.3));
    }

    private static double Difference(IInputGradient gradient, float[] rows, float[] by, int i)
    {
        const float step = 1e-2f;
        float[] logits = new float[Rows * Classes];
        double[] value = new double[2];
        for (int side = 0; side < 2; side++)
        {
            float[] moved = (float[])rows.Clone();
            moved[i] += side == 0 ? -step : step;
            gradient.Forward(moved, Rows, logits);
            for (int k = 0; k < logits.Length; k++) value[side] += (double)logits[k] * by[k];
        }
        return (value[1] - value[0]) / (2 * step);
    }

    private static float[] Gaussian(int count, long major)
    {
        float[] numbers = new float[count];
        Philox.FillGaussian(numbers, 3, RandomPurpose.Augment, major, 0);
        return numbers;
    }
}

using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Tests.Nn.Layers;

public class DropoutTests
{
    [Fact]
    public void About_the_given_share_is_dropped_and_the_mean_stays()
    {
        (float[] y, _) = Run(rate: 0.3, ids: [.. Enumerable.Range(0, 200)], step: 4);
        (y.Count(v => v == 0) / (double)y.Length).ShouldBe(0.3, 0.02);
        ((double)y.Average()).ShouldBe(1, 0.02);
        y.Where(v => v != 0).ShouldAllBe(v => v == (float)(1 / 0.7));
    }

    [Fact]
    public void The_gradient_passes_where_the_input_did()
    {
        (float[] y, float[] gradient) = Run(rate: 0.5, ids: [3, 1, 4], step: 1);
        gradient.ShouldBe(y);                                                     // inputs and output gradients are all 1
    }

    [Fact]
    public void A_mask_follows_the_example_and_changes_with_the_step()
    {
        float[] both = Run(0.5, [8, 9], 2).Y, alone = Run(0.5, [9], 2).Y, later = Run(0.5, [9], 3).Y;
        alone.ShouldBe(both[Width..]);
        later.ShouldNotBe(alone);
        both[..Width].ShouldNotBe(both[Width..]);
    }

    [Fact]
    public void Without_training_or_with_rate_zero_nothing_is_dropped()
    {
        Run(0.5, null, 0).Y.ShouldAllBe(v => v == 1);
        Run(0, [1, 2], 0).Y.ShouldAllBe(v => v == 1);
    }

    private const int Width = 50;

    private static (float[] Y, float[] Gradient) Run(double rate, int[]? ids, long step)
    {
        float[] ones = [.. Enumerable.Repeat(1f, (ids?.Length ?? 2) * Width)];
        (float[] y, float[] gradient, _) = LayerRun.Of(new Dropout(TensorShape.Of(Width), rate), ones, random: ids is null ? null : SomeRandom.For(ids, step), outputGradient: ones);
        return (y, gradient);
    }
}

using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

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
        int rows = ids?.Length ?? 2;
        Dropout dropout = new(TensorShape.Of(Width), rate);
        float[] x = [.. Enumerable.Repeat(1f, rows * Width)], y = new float[x.Length], kept = new float[x.Length], gradient = new float[x.Length];
        LayerPass pass = new()
        {
            Rows = rows,
            Input = x,
            Output = y,
            Parameters = default,
            Kept = kept,
            OutputGradient = x,
            InputGradient = gradient,
            FirstUnit = 10,
            Chance = ids is null ? null : new RowChance(42, unitsPerRow: 100) { Step = step, ExampleIds = ids },
            Workspace = new GemmWorkspace(),
        };
        dropout.Forward(pass);
        dropout.BackwardInput(pass);
        return (y, gradient);
    }
}

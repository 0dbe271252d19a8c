using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Defences;
using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Defences;

public class SqueezerTests
{
    [Fact]
    public void A_depth_rounds_to_so_many_values_of_the_range()
    {
        AttackedModel model = SomeVictim.Line(-1, 2);      // 2 bits: −1, 0, 1, 2

        Squeezed(Squeezer.Depth(2), model, [-1, -0.6f, 0.4f, 0.6f, 1.49f, 2]).ShouldBe([-1f, -1f, 0f, 1f, 1f, 2f]);
        Squeezed(Squeezer.Depth(1), model, [-1, 0.4f, 0.6f, 2, 0, 1]).ShouldBe([-1f, -1f, 2f, 2f, -1f, 2f]);
    }

    // Of 5 the window is 5, 2, 4, 1: sorted 1, 2, 4, 5. At the border 2 is with 1, and with both again.
    [Fact]
    public void A_median_takes_the_third_of_the_four_pixels_above_and_to_the_left() =>
        Squeezed(Squeezer.Median(new ImageShape(2, 3, 1)), SomeVictim.Line(), [1, 2, 3, 4, 5, 6]).ShouldBe([1f, 2f, 3f, 4f, 4f, 5f]);

    [Fact]
    public void Only_images_have_a_median() => Squeezer.For(SomeVictim.Line()).Select(squeezer => squeezer.Name).ShouldBe(["depth_1", "depth_4"]);

    private static float[] Squeezed(Squeezer squeezer, AttackedModel model, float[] row)
    {
        float[] squeezed = new float[row.Length];
        squeezer.Squeeze(model, row, squeezed);
        return squeezed;
    }
}

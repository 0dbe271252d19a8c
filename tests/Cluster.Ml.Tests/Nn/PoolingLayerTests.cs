using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What pooling must not depend on; values and gradients are compared in ImageNetworkTests and PoolingTests.</summary>
public sealed class PoolingLayerTests
{
    private const int Rows = 2, Height = 9, Width = 8, Channels = 5;

    /// <summary>Whether the largest is taken, the window's height and width, the stride, and whether it may stick out.</summary>
    public static TheoryData<bool, int, int, int, bool> Windows => new()
    {
        { true, 2, 2, 2, false }, { false, 2, 2, 2, false }, { true, 3, 2, 1, false }, { false, 3, 2, 1, false }, { true, 3, 3, 2, true }, { false, 3, 3, 2, true },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void An_image_that_moves_by_a_stride_moves_the_output_by_one(bool largest, int height, int width, int stride, bool same)
    {
        Layer layer = Pool(largest, height, width, stride, same);
        TensorShape output = layer.OutputShape;
        float[] x = Image(), y = LayerRun.Of(layer, x).Output, moved = new float[x.Length];
        Each(Height, Width, Channels, (row, i, j, c) =>
            moved[At(Height, Width, Channels, row, i, j, c)] = i < stride || j < stride ? 0 : x[At(Height, Width, Channels, row, i - stride, j - stride, c)]);

        float[] after = LayerRun.Of(layer, moved).Output;

        int compared = 0;
        Each(output[0], output[1], output[2], (row, i, j, c) =>
        {
            // Windows that lie in both images, and not in what came in from outside.
            int edge = same ? 2 : 1;
            if (i < edge || j < edge || (same && (i > output[0] - 2 || j > output[1] - 2))) return;
            after[At(output[0], output[1], output[2], row, i, j, c)].ShouldBe(y[At(output[0], output[1], output[2], row, i - 1, j - 1, c)], $"{i}, {j}, channel {c}");
            compared++;
        });
        compared.ShouldBeGreaterThan(Rows * Channels);
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Channels_in_another_order_give_the_same_bits_in_that_order(bool largest, int height, int width, int stride, bool same)
    {
        Layer layer = Pool(largest, height, width, stride, same);
        int[] order = [3, 0, 4, 1, 2];
        float[] dy = GoldenNn.Wave(Rows * layer.Outputs, 0.9);
        LayerRun run = LayerRun.Of(layer, Image(), outputGradient: [.. dy]);

        LayerRun other = LayerRun.Of(layer, Ordered(Image()), outputGradient: Ordered(dy));

        other.Output.ShouldBe(Ordered(run.Output));
        other.InputGradient.ShouldBe(Ordered(run.InputGradient));

        float[] Ordered(float[] pixels) => [.. pixels.Chunk(Channels).SelectMany(pixel => order.Select(channel => pixel[channel]))];
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_brighter_image_has_a_brighter_output_and_the_same_gradient(bool largest, int height, int width, int stride, bool same)
    {
        Layer layer = Pool(largest, height, width, stride, same);
        float[] x = [.. Image().Select(value => MathF.Round(64 * value) / 64)];       // so that sums are exact
        LayerRun run = LayerRun.Of(layer, x), bright = LayerRun.Of(layer, [.. x.Select(value => value + 4)]);

        bright.Output.ShouldBeNear([.. run.Output.Select(value => value + 4.0)], 1e-6);
        bright.InputGradient.ShouldBe(run.InputGradient);
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void All_of_the_gradient_arrives(bool largest, int height, int width, int stride, bool same)
    {
        Layer layer = Pool(largest, height, width, stride, same);
        LayerRun run = LayerRun.Of(layer, Image());
        run.InputGradient.Sum(value => (double)value).ShouldBe(GoldenNn.Wave(run.Output.Length, 0.9).Sum(value => (double)value), 1e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_single_pixel_is_its_own_pool_whatever_it_is(bool largest)
    {
        WindowShape window = new(1, 1, 3, 2, 2, 1, true);
        TensorShape shape = TensorShape.Of(1, 1, 3);
        LayerRun run = LayerRun.Of(
            largest ? new MaxPooling2D(shape, window) : new AveragePooling2D(shape, window), [float.NegativeInfinity, float.NaN, 2], outputGradient: [1, 2, 3]);
        run.Output.ShouldBe([float.NegativeInfinity, float.NaN, 2]);
        run.InputGradient.ShouldBe([1, 2, 3]);
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void What_is_not_a_number_is_seen_wherever_it_is_under_a_window(bool largest, int height, int width, int stride, bool same)
    {
        Layer layer = Pool(largest, height, width, stride, same);
        for (int place = 0; place < Height * Width; place++)
        {
            float[] x = Image(), sound = LayerRun.Of(layer, x).Output;
            x[(place * Channels) + 2] = float.NaN;
            LayerRun run = LayerRun.Of(layer, x);
            for (int i = 0; i < sound.Length; i++)
                if (!float.IsNaN(run.Output[i])) run.Output[i].ShouldBe(sound[i]);
            bool covered = same || ((place / Width) < (((Height - height) / stride) * stride) + height && (place % Width) < (((Width - width) / stride) * stride) + width);
            run.Output.Any(float.IsNaN).ShouldBe(covered, $"pixel {place}");
        }
    }

    private static Layer Pool(bool largest, int height, int width, int stride, bool same)
    {
        WindowShape window = new(Height, Width, Channels, height, width, stride, same);
        TensorShape shape = TensorShape.Of(Height, Width, Channels);
        return largest ? new MaxPooling2D(shape, window) : new AveragePooling2D(shape, window);
    }

    private static float[] Image() => GoldenNn.Wave(Rows * Height * Width * Channels, 1.7);

    private static int At(int height, int width, int channels, int row, int i, int j, int c) => (((((row * height) + i) * width) + j) * channels) + c;

    private static void Each(int height, int width, int channels, Action<int, int, int, int> visit)
    {
        for (int row = 0; row < Rows; row++)
            for (int i = 0; i < height; i++)
                for (int j = 0; j < width; j++)
                    for (int c = 0; c < channels; c++) visit(row, i, j, c);
    }
}

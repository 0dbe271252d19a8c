using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Numerics;

public class ImageConvolutionTests
{
    /// <summary>Height, width, channels, window height, window width, stride, same, filters, images.</summary>
    public static TheoryData<int, int, int, int, int, int, bool, int, int> Shapes
    {
        get
        {
            TheoryData<int, int, int, int, int, int, bool, int, int> shapes = new()
            {
                { 1, 1, 1, 1, 1, 1, false, 1, 1 },       // one number
                { 5, 7, 6, 1, 1, 1, false, 33, 2 },      // 1×1: a dense layer at every pixel
                { 4, 4, 3, 3, 3, 1, false, 16, 3 },
                { 3, 2, 2, 5, 6, 1, true, 4, 2 },        // filter larger than the image
                { 9, 9, 1, 2, 2, 5, false, 7, 2 },       // stride larger than the filter, one channel
                { 8, 5, 4, 3, 2, 2, true, 20, 2 },
                { 7, 7, 3, 7, 7, 1, false, 32, 5 },      // one place
                { 15, 15, 32, 3, 3, 1, false, 64, 2 },
                { 30, 31, 3, 3, 3, 1, true, 10, 9 },     // several blocks of images
                { 40, 40, 9, 5, 3, 3, true, 31, 5 },
            };
            RandomStream random = RandomStream.At(42, RandomPurpose.Augment);
            int Pick(int from, int to) => from + random.Next(to - from + 1);
            for (int i = 0; i < 40; i++)
            {
                (int height, int width, bool same) = (Pick(1, 12), Pick(1, 12), Pick(0, 1) == 1);
                int rows = Pick(1, same ? 5 : Math.Min(5, height)), columns = Pick(1, same ? 5 : Math.Min(5, width));
                shapes.Add(height, width, Pick(1, 9), rows, columns, Pick(1, 3), same, Pick(1, 40), Pick(1, 5));
            }
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void All_three_agree_with_plain_loops_in_double_precision(
        int height, int width, int channels, int windowHeight, int windowWidth, int stride, bool same, int filters, int images)
    {
        WindowShape shape = new(height, width, channels, windowHeight, windowWidth, stride, same);
        double[] x = Numbers(images * shape.ImageLength, 1), w = Numbers(shape.PatchLength * filters, 2), dy = Numbers(images * shape.Positions * filters, 3);
        (double[] y, double[] dx, double[] dw) = Plain(shape, filters, x, w, dy);

        double[] gotY = new double[y.Length], gotDx = Numbers(dx.Length, 4), gotDw = Numbers(dw.Length, 5);
        GemmWorkspace workspace = new();
        ImageConvolution.Forward(shape, filters, x, w, gotY.AsSpan(), workspace);
        ImageConvolution.BackwardInput(shape, filters, dy, w, gotDx.AsSpan(), workspace);
        ImageConvolution.BackwardFilters(shape, filters, x, dy, [images], gotDw.AsSpan(), workspace);

        Near(gotY, y, "y");
        Near(gotDx, dx, "dx");
        Near(gotDw, dw, "dw");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_gives_the_same_bits(
        int height, int width, int channels, int windowHeight, int windowWidth, int stride, bool same, int filters, int images)
    {
        WindowShape shape = new(height, width, channels, windowHeight, windowWidth, stride, same);
        float[] x = Floats(images * shape.ImageLength, 1), w = Floats(shape.PatchLength * filters, 2), dy = Floats(images * shape.Positions * filters, 3);
        int[] ends = [images / 3, images / 2, images / 2, images];
        (float[] y, float[] dx, float[] dw) = Run(LaneWidth.Scalar);

        foreach (LaneWidth lanes in Enum.GetValues<LaneWidth>())
        {
            (float[] gotY, float[] gotDx, float[] gotDw) = Run(lanes);
            SameBits(gotY, y, $"{lanes} y");
            SameBits(gotDx, dx, $"{lanes} dx");
            SameBits(gotDw, dw, $"{lanes} dw");
        }

        (float[] Y, float[] Dx, float[] Dw) Run(LaneWidth lanes)
        {
            (float[] y, float[] dx, float[] dw) = (Floats(dy.Length, 4), Floats(x.Length, 5), Floats(w.Length, 6));
            GemmWorkspace workspace = new();
            ImageConvolution.Forward(shape, filters, x, w, y.AsSpan(), workspace, lanes);
            ImageConvolution.BackwardInput(shape, filters, dy, w, dx.AsSpan(), workspace, lanes);
            ImageConvolution.BackwardFilters(shape, filters, x, dy, ends, dw.AsSpan(), workspace, lanes);
            return (y, dx, dw);
        }
    }

    [Fact]
    public void An_output_is_one_chain_of_fused_sums_in_the_order_of_the_filter()
    {
        WindowShape shape = new(6, 5, 3, 3, 2, 1, true);
        float[] x = Floats(shape.ImageLength, 1), w = Floats(shape.PatchLength * 5, 2), y = new float[shape.Positions * 5];
        ImageConvolution.Forward(shape, 5, x, w, y.AsSpan(), new GemmWorkspace());
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 5; j++)
                for (int o = 0; o < 5; o++)
                {
                    float sum = 0;
                    for (int k = 0; k < shape.PatchLength; k++)
                    {
                        (int u, int v, int c) = (k / 6, k / 3 % 2, k % 3);
                        (int row, int column) = (i + u - shape.PadTop, j + v - shape.PadLeft);
                        float pixel = row is >= 0 and < 6 && column is >= 0 and < 5 ? x[(((row * 5) + column) * 3) + c] : 0;
                        sum = MathF.FusedMultiplyAdd(pixel, w[(k * 5) + o], sum);
                    }
                    y[(((i * 5) + j) * 5) + o].ShouldBe(sum);
                }
    }

    [Theory]
    [InlineData(15, 32, 64, new[] { 8, 16, 24, 32, 40, 48, 56, 64 })]
    [InlineData(6, 5, 10, new[] { 0, 0, 3, 3, 4, 9, 9, 9 })]
    [InlineData(6, 1, 17, new[] { 2, 3 })]
    [InlineData(4, 2, 3, new[] { 0, 0 })]
    public void A_tree_of_images_is_what_separate_gradients_and_additions_give(int size, int channels, int filters, int[] ends)
    {
        WindowShape shape = new(size, size, channels, 3, 3, 1, same: size == 6);
        int images = ends[^1], outputs = shape.Positions * filters;
        float[] x = Floats(images * shape.ImageLength, 1), dy = Floats(images * outputs, 2), dw = Floats(shape.PatchLength * filters, 3);
        GemmWorkspace workspace = new();
        float[] Leaf(int segment)
        {
            int first = segment == 0 ? 0 : ends[segment - 1], count = ends[segment] - first;
            float[] part = Floats(dw.Length, 4);
            ImageConvolution.BackwardFilters(
                shape, filters, x.AsSpan(first * shape.ImageLength, count * shape.ImageLength), dy.AsSpan(first * outputs, count * outputs), [count], part.AsSpan(), workspace);
            return part;
        }

        ImageConvolution.BackwardFilters(shape, filters, x, dy, ends, dw.AsSpan(), workspace);

        SameBits(dw, TreeOf(0, ends.Length, Leaf), "dw");
    }

    [Fact]
    public void An_image_does_not_depend_on_its_neighbours()
    {
        WindowShape shape = new(13, 13, 8, 3, 3, 1, true);
        int outputs = shape.Positions * 40;
        float[] x = Floats(21 * shape.ImageLength, 1), w = Floats(shape.PatchLength * 40, 2), dy = Floats(21 * outputs, 3);
        float[] y = new float[dy.Length], dx = new float[x.Length], oneY = new float[outputs], oneDx = new float[shape.ImageLength];
        GemmWorkspace workspace = new();
        ImageConvolution.Forward(shape, 40, x, w, y.AsSpan(), workspace);
        ImageConvolution.BackwardInput(shape, 40, dy, w, dx.AsSpan(), workspace);
        for (int image = 0; image < 21; image++)
        {
            ImageConvolution.Forward(shape, 40, x.AsSpan(image * shape.ImageLength, shape.ImageLength), w, oneY.AsSpan(), workspace);
            ImageConvolution.BackwardInput(shape, 40, dy.AsSpan(image * outputs, outputs), w, oneDx.AsSpan(), workspace);
            SameBits(oneY, y[(image * outputs)..((image + 1) * outputs)], $"y of image {image}");
            SameBits(oneDx, dx[(image * shape.ImageLength)..((image + 1) * shape.ImageLength)], $"dx of image {image}");
        }
    }

    [Fact]
    public void A_grown_workspace_allocates_nothing()
    {
        WindowShape shape = new(12, 12, 5, 3, 3, 2, true);
        float[] x = Floats(4 * shape.ImageLength, 1), w = Floats(shape.PatchLength * 20, 2), dy = Floats(4 * shape.Positions * 20, 3), dw = new float[w.Length];
        int[] ends = [2, 4];
        GemmWorkspace workspace = new();
        void All()
        {
            ImageConvolution.Forward(shape, 20, x, w, dy.AsSpan(), workspace);
            ImageConvolution.BackwardInput(shape, 20, dy, w, x.AsSpan(), workspace);
            ImageConvolution.BackwardFilters(shape, 20, x, dy, ends, dw.AsSpan(), workspace);
        }
        for (int i = 0; i < 3; i++) All();

        Allocations.Least(All).ShouldBe(0);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() => new WindowShape(4, 4, 1, 5, 5, 1, false)).Message.ShouldContain("4 × 4, got 5 × 5; take a smaller one, or padding: same");
        Should.Throw<ArgumentException>(() => new WindowShape(4, 4, 0, 2, 2, 1, false)).Message.ShouldContain("4 × 4 × 0");
        float[] numbers = new float[100];
        Should.Throw<ArgumentException>(() => ImageConvolution.Forward(new WindowShape(4, 4, 1, 3, 3, 1, false), 2, numbers.AsSpan(0, 16), numbers.AsSpan(0, 18), numbers.AsSpan(0, 9), new GemmWorkspace()))
            .Message.ShouldContain("2 × 2 × 2, got [16], [18] and [9]");
    }

    private static (double[] Y, double[] Dx, double[] Dw) Plain(WindowShape shape, int filters, double[] x, double[] w, double[] dy)
    {
        (double[] y, double[] dx, double[] dw) = (new double[dy.Length], new double[x.Length], new double[w.Length]);
        for (int n = 0; n < x.Length / shape.ImageLength; n++)
            for (int i = 0; i < shape.OutputHeight; i++)
                for (int j = 0; j < shape.OutputWidth; j++)
                    for (int u = 0; u < shape.WindowHeight; u++)
                        for (int v = 0; v < shape.WindowWidth; v++)
                        {
                            (int row, int column) = ((i * shape.Stride) + u - shape.PadTop, (j * shape.Stride) + v - shape.PadLeft);
                            if (row < 0 || row >= shape.Height || column < 0 || column >= shape.Width) continue;
                            for (int c = 0; c < shape.Channels; c++)
                                for (int o = 0; o < filters; o++)
                                {
                                    int at = (((((n * shape.Height) + row) * shape.Width) + column) * shape.Channels) + c;
                                    int weight = (((((u * shape.WindowWidth) + v) * shape.Channels) + c) * filters) + o;
                                    int to = (((((n * shape.OutputHeight) + i) * shape.OutputWidth) + j) * filters) + o;
                                    y[to] += x[at] * w[weight];
                                    dx[at] += dy[to] * w[weight];
                                    dw[weight] += dy[to] * x[at];
                                }
                        }
        return (y, dx, dw);
    }

    private static float[] TreeOf(int first, int count, Func<int, float[]> leaf)
    {
        if (count == 1) return leaf(first);
        float[] left = TreeOf(first, count / 2, leaf), right = TreeOf(first + (count / 2), count / 2, leaf);
        for (int i = 0; i < left.Length; i++) left[i] += right[i];
        return left;
    }

    private static float[] Floats(int count, long sequence)
    {
        float[] numbers = new float[count];
        Philox.FillGaussian(numbers, 42, RandomPurpose.Augment, sequence, 0);
        return numbers;
    }

    private static double[] Numbers(int count, long sequence) => Array.ConvertAll(Floats(count, sequence), x => x / 3.0);

    private static void Near(double[] actual, double[] expected, string what)
    {
        for (int i = 0; i < expected.Length; i++) actual[i].ShouldBe(expected[i], 1e-11, $"{what}, element {i}");
    }

    private static void SameBits(float[] actual, float[] expected, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (int i = 0; i < actual.Length; i++)
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]))
                BitConverter.SingleToInt32Bits(actual[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{what}, element {i}");
    }
}

using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Numerics;

public class PoolingTests
{
    /// <summary>Height, width, channels, window height, window width, stride, same, images.</summary>
    public static TheoryData<int, int, int, int, int, int, bool, int> Shapes
    {
        get
        {
            TheoryData<int, int, int, int, int, int, bool, int> shapes = new()
            {
                { 1, 1, 1, 1, 1, 1, false, 1 },
                { 30, 30, 32, 2, 2, 2, false, 2 },
                { 13, 13, 17, 2, 2, 2, false, 3 },    // the last row and column lie under no window
                { 7, 6, 35, 3, 3, 1, true, 2 },       // windows overlap, and stick out
                { 5, 4, 3, 2, 2, 5, false, 2 },
                { 2, 2, 4, 5, 5, 1, true, 1 },        // window larger than the image
            };
            RandomStream random = RandomStream.At(42, RandomPurpose.Augment);
            int Pick(int from, int to) => from + random.Next(to - from + 1);
            for (int i = 0; i < 30; i++)
            {
                (int height, int width, bool same) = (Pick(1, 9), Pick(1, 9), Pick(0, 1) == 1);
                shapes.Add(height, width, Pick(1, 40), Pick(1, same ? 4 : Math.Min(4, height)), Pick(1, same ? 4 : Math.Min(4, width)), Pick(1, 3), same, Pick(1, 4));
            }
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_does_what_plain_loops_do(int height, int width, int channels, int windowHeight, int windowWidth, int stride, bool same, int images)
    {
        WindowShape shape = new(height, width, channels, windowHeight, windowWidth, stride, same);
        int outputs = images * shape.Positions * channels;
        float[] x = Array.ConvertAll(Floats(images * shape.ImageLength, 1), v => MathF.Round(4 * v)), dy = Floats(outputs, 2);   // rounded: there are equals
        (float[] max, float[] maxDx, float[] mean, float[] meanDx) = Plain(shape, x, dy);

        foreach (LaneWidth lanes in Enum.GetValues<LaneWidth>())
        {
            float[] y = Floats(outputs, 3), places = Floats(outputs, 4), dx = Floats(x.Length, 5);
            Pooling.MaxForward(shape, x, y, places, lanes);
            Pooling.MaxBackward(shape, dy, places, dx, lanes);
            y.ShouldBe(max, lanes.ToString());
            dx.ShouldBe(maxDx, lanes.ToString());

            Pooling.MeanForward(shape, x, y, lanes);
            Pooling.MeanBackward(shape, dy, dx, lanes);
            y.ShouldBe(mean, lanes.ToString());
            dx.ShouldBe(meanDx, lanes.ToString());
        }
    }

    [Fact]
    public void A_window_of_infinities_has_its_largest()
    {
        WindowShape shape = new(2, 2, 1, 2, 2, 2, false);
        float[] y = [0], places = [9];
        Pooling.MaxForward(shape, [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.MinValue], y, places);
        y[0].ShouldBe(float.MinValue);
        places[0].ShouldBe(3);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused() =>
        Should.Throw<ArgumentException>(() => Pooling.MeanForward(new WindowShape(4, 4, 2, 2, 2, 2, false), new float[32], new float[7]))
            .Message.ShouldContain("2 × 2 × 2, got [32], [7]");

    private static (float[] Max, float[] MaxDx, float[] Mean, float[] MeanDx) Plain(WindowShape shape, float[] x, float[] dy)
    {
        (float[] max, float[] maxDx, float[] mean, float[] meanDx) = (new float[dy.Length], new float[x.Length], new float[dy.Length], new float[x.Length]);
        for (int to = 0; to < dy.Length; to++)
        {
            (int position, int c) = (to / shape.Channels, to % shape.Channels);
            (int n, int i, int j) = (position / shape.Positions, position % shape.Positions / shape.OutputWidth, position % shape.OutputWidth);
            List<int> under = [];
            for (int u = 0; u < shape.WindowHeight; u++)
                for (int v = 0; v < shape.WindowWidth; v++)
                {
                    (int row, int column) = ((i * shape.Stride) + u - shape.PadTop, (j * shape.Stride) + v - shape.PadLeft);
                    if (row >= 0 && row < shape.Height && column >= 0 && column < shape.Width)
                        under.Add((((((n * shape.Height) + row) * shape.Width) + column) * shape.Channels) + c);
                }
            int largest = under[0];
            foreach (int at in under) largest = x[at] > x[largest] ? at : largest;
            max[to] = x[largest];
            maxDx[largest] += dy[to];
            mean[to] = under.Aggregate(0f, (sum, at) => sum + x[at]) / under.Count;
            foreach (int at in under) meanDx[at] += dy[to] / under.Count;
        }
        return (max, maxDx, mean, meanDx);
    }

    private static float[] Floats(int count, long sequence)
    {
        float[] numbers = new float[count];
        Philox.FillGaussian(numbers, 42, RandomPurpose.Augment, sequence, 0);
        return numbers;
    }
}

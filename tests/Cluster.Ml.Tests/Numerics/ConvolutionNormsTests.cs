using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Numerics;

public class ConvolutionNormsTests
{
    [Theory]
    [InlineData(12, 3, 8, 3, 1, false)]
    [InlineData(4, 20, 30, 3, 1, true)]
    [InlineData(7, 2, 5, 4, 3, true)]
    [InlineData(3, 1, 1, 3, 1, false)]
    public void Both_ways_give_one_norm(int size, int channels, int filters, int window, int stride, bool same)
    {
        WindowShape shape = new(size, size, channels, window, window, stride, same);
        float[] x = new float[shape.ImageLength], dy = new float[shape.Positions * filters], dw = new float[shape.PatchLength * filters];
        Philox.FillGaussian(x, 42, RandomPurpose.Augment, 1, 0);
        Philox.FillGaussian(dy, 42, RandomPurpose.Augment, 2, 0);
        GemmWorkspace workspace = new();
        Convolution.BackwardFilters(shape, filters, x, dy, [1], dw, workspace);
        double expected = dw.Sum(g => (double)g * g), bias = 0;
        for (int o = 0; o < filters; o++) bias += Math.Pow(Enumerable.Range(0, shape.Positions).Sum(t => (double)dy[(t * filters) + o]), 2);

        ((double)ConvolutionNorms.OfGradient(shape, filters, x, dy, workspace)).ShouldBe(expected, 1e-5 * expected);
        ((double)ConvolutionNorms.OfPairs(shape, filters, x, dy, workspace)).ShouldBe(expected, 1e-5 * expected);
        ((double)ConvolutionNorms.SquaredNorm(shape, filters, x, dy, workspace)).ShouldBe(expected + bias, 1e-5 * (expected + bias));
    }

    [Theory]
    [InlineData(32, 3, 32, true)]        // 900 places: forming the gradient is cheap
    [InlineData(6, 64, 64, false)]       // 16 places: pairs are few
    public void The_cheaper_way_is_taken(int size, int channels, int filters, bool forms) =>
        ConvolutionNorms.FormsGradient(new WindowShape(size, size, channels, 3, 3, 1, false), filters).ShouldBe(forms);
}

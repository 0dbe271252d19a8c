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
        const int images = 70;        // more than are taken at once, but for the largest
        WindowShape shape = new(size, size, channels, window, window, stride, same);
        int image = shape.ImageLength, output = shape.Positions * filters;
        float[] x = new float[images * image], dy = new float[images * output], dw = new float[shape.PatchLength * filters];
        Philox.FillGaussian(x, 42, RandomPurpose.Augment, 1, 0);
        Philox.FillGaussian(dy, 42, RandomPurpose.Augment, 2, 0);
        GemmWorkspace workspace = new();
        float[] ofGradients = new float[images], ofPairs = new float[images], all = new float[images];
        Array.Fill(all, 1);

        ConvolutionNorms.AddOfGradients(shape, filters, x, dy, ofGradients, workspace);
        ConvolutionNorms.AddOfPairs(shape, filters, x, dy, ofPairs, workspace);
        ConvolutionNorms.AddSquaredNorms(shape, filters, x, dy, all, workspace);

        for (int i = 0; i < images; i++)
        {
            float[] gradients = dy[(i * output)..((i + 1) * output)];
            ImageConvolution.BackwardFilters(shape, filters, x.AsSpan(i * image, image), gradients, [1], dw, workspace);
            double expected = dw.Sum(g => (double)g * g), bias = 0;
            for (int o = 0; o < filters; o++) bias += Math.Pow(Enumerable.Range(0, shape.Positions).Sum(t => (double)gradients[(t * filters) + o]), 2);
            ((double)ofGradients[i]).ShouldBe(expected, 1e-5 * expected);
            ((double)ofPairs[i]).ShouldBe(expected, 1e-5 * expected);
            ((double)all[i]).ShouldBe(1 + expected + bias, 1e-5 * (1 + expected + bias));
        }
    }

    [Theory]
    [InlineData(32, 3, 32, true)]        // 900 places: forming the gradient is cheap
    [InlineData(6, 64, 64, false)]       // 16 places: pairs are few
    public void The_cheaper_way_is_taken(int size, int channels, int filters, bool forms) =>
        ConvolutionNorms.FormsGradient(new WindowShape(size, size, channels, 3, 3, 1, false), filters).ShouldBe(forms);
}

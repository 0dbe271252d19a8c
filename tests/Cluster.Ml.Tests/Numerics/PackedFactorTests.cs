using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Tests.Nn;

namespace Cluster.Ml.Tests.Numerics;

public sealed class PackedFactorTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 33)]
    [InlineData(32, 300, 70)]
    [InlineData(13, 1030, 64)]
    public void Products_have_the_bits_of_ordinary_ones_at_every_width(int rows, int depth, int columns)
    {
        const int gap = 11;                               // rows of the left factor lie apart
        GemmWorkspace workspace = new();
        float[] a = GoldenNn.Wave(rows * (depth + gap), 1.3), b = GoldenNn.Wave(depth * columns, 0.7), expected = new float[rows * columns];
        MatrixView<float> left = new(a, rows, depth, depth + gap);
        foreach (bool transposed in new[] { false, true })
        {
            MatrixView<float> right = transposed ? new MatrixView<float>(b, columns, depth).Transposed : new MatrixView<float>(b, depth, columns);
            MatrixProduct.Multiply(left, right, expected, workspace);
            foreach (LaneWidth width in new[] { LaneWidth.Scalar, LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512 })
            {
                float[] c = new float[rows * columns];
                c.AsSpan().Fill(float.NaN);
                PackedFactor factor = PackedFactor.Pack(right, workspace, width);
                factor.Multiply(left, c);
                factor.Multiply(left, c);                  // a second product changes nothing
                c.ShouldBe(expected, $"{width}");
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        GemmWorkspace workspace = new();
        Should.Throw<ArgumentException>(() => PackedFactor.Pack(new MatrixView<float>(new float[6], 2, 3), workspace).Multiply(new MatrixView<float>(new float[6], 2, 3), new float[9]));
        Should.Throw<ArgumentException>(() => PackedFactor.Pack(new MatrixView<float>(new float[6], 2, 3), workspace).Multiply(new MatrixView<float>(new float[6], 3, 2), new float[8]));
        Should.Throw<ArgumentException>(() => PackedFactor.Pack(new MatrixView<float>(new float[6], 2, 3, 2), workspace));
        Should.Throw<ArgumentException>(() => PackedFactor.Pack(new MatrixView<float>(new float[6], 3, 2, 3), workspace));
    }
}

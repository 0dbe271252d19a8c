using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Numerics;

public class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 1, 0 }, { 0, 5, 3 }, { 5, 0, 3 }, { 12, 32, 16 }, { 13, 33, 17 }, { 11, 31, 1 }, { 24, 64, 400 },
        { 5, 10, 128 }, { 128, 10, 64 }, { 37, 50, 771 }, { 3, 16, 5 }, { 29, 15, 1000 }, { 7, 47, 385 }, { 41, 66, 513 },
        { 1, 300, 77 }, { 1, 128, 1030 }, { 45, 200, 100 }, { 30, 200, 512 }, { 200, 160, 512 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_and_transposition_is_one_chain_of_fused_sums(int rows, int columns, int depth)
    {
        float[] a = Numbers(rows * depth, 1), b = Numbers(depth * columns, 2), start = Numbers(rows * columns, 3);
        float[] aByColumns = Transpose(a, rows, depth), bByColumns = Transpose(b, depth, columns);
        float[] expected = Chains(a, b, new float[rows * columns], rows, columns, depth);
        float[] expectedOn = Chains(a, b, start, rows, columns, depth);
        GemmWorkspace workspace = new();

        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
            foreach (bool aTransposed in new[] { false, true })
                foreach (bool bTransposed in new[] { false, true })
                {
                    MatrixView<float> left = aTransposed ? new MatrixView<float>(aByColumns, depth, rows).Transposed : new(a, rows, depth);
                    MatrixView<float> right = bTransposed ? new MatrixView<float>(bByColumns, columns, depth).Transposed : new(b, depth, columns);
                    float[] c = Numbers(rows * columns, 4), on = [.. start];
                    MatrixProduct.Multiply(left, right, c.AsSpan(), continues: false, workspace, width);
                    MatrixProduct.Multiply(left, right, on.AsSpan(), continues: true, workspace, width);
                    SameBits(c, expected, $"{width} {aTransposed} {bTransposed}");
                    SameBits(on, expectedOn, $"{width} {aTransposed} {bTransposed} going on");
                }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Doubles_follow_the_same_chain(int rows, int columns, int depth)
    {
        double[] a = Array.ConvertAll(Numbers(rows * depth, 1), x => Math.PI * x), b = Array.ConvertAll(Numbers(depth * columns, 2), x => x / 3.0);
        double[] expected = new double[rows * columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int k = 0; k < depth; k++)
                    expected[(i * columns) + j] = Math.FusedMultiplyAdd(a[(i * depth) + k], b[(k * columns) + j], expected[(i * columns) + j]);

        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        {
            double[] c = new double[rows * columns];
            MatrixProduct.Multiply(new MatrixView<double>(a, rows, depth), new MatrixView<double>(b, depth, columns), c.AsSpan(), false, new GemmWorkspace(), width);
            c.ShouldBe(expected, width.ToString());
        }
    }

    [Theory]
    [InlineData(5, 13, 33, 17)]
    [InlineData(1, 12, 32, 16)]
    [InlineData(3, 5, 7, 0)]
    [InlineData(0, 5, 7, 4)]
    public void A_batch_is_what_separate_products_give(int count, int rows, int columns, int depth)
    {
        float[] a = Numbers(count * rows * depth, 1), b = Numbers(count * depth * columns, 2), aByColumns = [], bByColumns = [], expected = [];
        for (int i = 0; i < count; i++)
        {
            float[] left = a[(i * rows * depth)..((i + 1) * rows * depth)], right = b[(i * depth * columns)..((i + 1) * depth * columns)];
            aByColumns = [.. aByColumns, .. Transpose(left, rows, depth)];
            bByColumns = [.. bByColumns, .. Transpose(right, depth, columns)];
            expected = [.. expected, .. Chains(left, right, new float[rows * columns], rows, columns, depth)];
        }
        GemmWorkspace workspace = new();
        foreach (bool aTransposed in new[] { false, true })
            foreach (bool bTransposed in new[] { false, true })
            {
                MatrixBatch<float> left = aTransposed ? new MatrixBatch<float>(aByColumns, count, depth, rows).Transposed : new(a, count, rows, depth);
                MatrixBatch<float> right = bTransposed ? new MatrixBatch<float>(bByColumns, count, columns, depth).Transposed : new(b, count, depth, columns);
                float[] c = Numbers(count * rows * columns, 4);
                MatrixProduct.MultiplyBatch(left, right, c.AsSpan(), workspace);
                SameBits(c, expected, $"{aTransposed} {bTransposed}");
            }
    }

    [Fact]
    public void Batches_that_do_not_fit_are_refused()
    {
        float[] numbers = new float[24];
        Should.Throw<ArgumentException>(() => MatrixProduct.MultiplyBatch(new MatrixBatch<float>(numbers, 2, 3, 4), new(numbers, 3, 4, 2), new float[24], new GemmWorkspace()));
        Should.Throw<ArgumentException>(() => MatrixProduct.MultiplyBatch(new MatrixBatch<float>(numbers, 2, 3, 4), new(numbers, 2, 3, 4), new float[24], new GemmWorkspace()));
        Should.Throw<ArgumentException>(() => MatrixProduct.MultiplyBatch(new MatrixBatch<float>(numbers, 2, 3, 4), new(numbers, 2, 4, 3), new float[17], new GemmWorkspace()));
        Should.Throw<ArgumentException>(() => new MatrixBatch<float>(numbers, 3, 3, 3).Count);
        Should.Throw<ArgumentOutOfRangeException>(() => new MatrixBatch<float>(numbers, 2, 3, 4)[2].Rows);
    }

    [Theory]
    [InlineData(131, 70, new[] { 16, 32, 48, 64, 80, 96, 112, 128 })]
    [InlineData(13, 33, new[] { 0, 0, 3, 3, 7, 20, 20, 20 })]
    [InlineData(5, 10, new[] { 7, 9 })]
    [InlineData(5, 10, new[] { 9 })]
    [InlineData(12, 31, new[] { 0, 0, 0, 0 })]
    [InlineData(14, 64, new[] { 3, 3, 8, 20 })]
    [InlineData(40, 32, new[] { 5, 9 })]
    [InlineData(17, 100, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 })]
    public void A_tree_of_segments_is_what_separate_products_and_additions_give(int rows, int columns, int[] ends)
    {
        int depth = ends[^1];
        float[] x = Numbers(depth * rows, 5), y = Numbers(depth * columns, 6);
        float[] expected = TreeOf(0, ends.Length, segment =>
        {
            int first = segment == 0 ? 0 : ends[segment - 1], count = ends[segment] - first;
            float[] part = Transpose(x[(first * rows)..((first + count) * rows)], count, rows);
            return Chains(part, y[(first * columns)..((first + count) * columns)], new float[rows * columns], rows, columns, count);
        });

        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        {
            float[] c = Numbers(rows * columns, 7);
            MatrixProduct.MultiplyTree(new MatrixView<float>(x, depth, rows).Transposed, new MatrixView<float>(y, depth, columns), ends, c.AsSpan(), new GemmWorkspace(), width);
            SameBits(c, expected, width.ToString());
        }
    }

    [Theory]
    [InlineData(100, new[] { 16, 32, 48, 64 })]
    [InlineData(37, new[] { 0, 1, 1, 9, 9, 9, 30, 30 })]
    [InlineData(3, new[] { 5 })]
    public void Sums_of_rows_follow_the_same_tree(int columns, int[] ends)
    {
        float[] x = Numbers(ends[^1] * columns, 8);
        float[] expected = TreeOf(0, ends.Length, segment =>
        {
            float[] sum = new float[columns];
            for (int row = segment == 0 ? 0 : ends[segment - 1]; row < ends[segment]; row++)
                for (int j = 0; j < columns; j++) sum[j] += x[(row * columns) + j];
            return sum;
        });

        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
        {
            float[] sums = Numbers(columns, 9);
            SegmentedSum.SumRows(x, columns, ends, sums, width);
            SameBits(sums, expected, width.ToString());
        }
    }

    [Fact]
    public void Rows_do_not_depend_on_their_neighbours()
    {
        float[] a = Numbers(40 * 50, 10), b = Numbers(50 * 20, 11), all = new float[40 * 20], some = new float[7 * 20];
        GemmWorkspace workspace = new();
        MatrixProduct.Multiply(new MatrixView<float>(a, 40, 50), new MatrixView<float>(b, 50, 20), all.AsSpan(), workspace);
        MatrixProduct.Multiply(new MatrixView<float>(a.AsSpan(9 * 50), 7, 50), new MatrixView<float>(b, 50, 20), some.AsSpan(), workspace);
        SameBits(some, all[(9 * 20)..(16 * 20)], "rows 9 to 15");
    }

    [Fact]
    public void A_grown_workspace_allocates_nothing()
    {
        float[] a = Numbers(130 * 90, 12), b = Numbers(90 * 70, 13), c = new float[130 * 70];
        int[] ends = [45, 90];
        GemmWorkspace workspace = new();
        void Products()
        {
            MatrixProduct.Multiply(new MatrixView<float>(a, 130, 90), new MatrixView<float>(b, 90, 70), c.AsSpan(), workspace);
            MatrixProduct.MultiplyTree(new MatrixView<float>(a, 90, 130).Transposed, new MatrixView<float>(b, 90, 70), ends, c.AsSpan(), workspace);
        }
        for (int i = 0; i < 3; i++) Products();

        Allocations.Least(Products).ShouldBe(0);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        float[] numbers = new float[100];
        Should.Throw<ArgumentException>(() => MatrixProduct.Multiply(new MatrixView<float>(numbers, 5, 4), new MatrixView<float>(numbers, 5, 4), numbers.AsSpan(), new GemmWorkspace()))
            .Message.ShouldContain("[5, 4], [5, 4]");
        Should.Throw<ArgumentException>(() => MatrixProduct.MultiplyTree(new MatrixView<float>(numbers, 4, 5), new MatrixView<float>(numbers, 5, 4), [1, 2, 5], numbers.AsSpan(), new GemmWorkspace()))
            .Message.ShouldContain("power of two");
        Should.Throw<ArgumentException>(() => new MatrixView<float>(numbers, 11, 10).Rows.ToString()).Message.ShouldContain("11 × 10 = 110");
    }

    private static float[] TreeOf(int first, int count, Func<int, float[]> leaf)
    {
        if (count == 1) return leaf(first);
        float[] left = TreeOf(first, count / 2, leaf), right = TreeOf(first + (count / 2), count / 2, leaf);
        for (int i = 0; i < left.Length; i++) left[i] += right[i];
        return left;
    }

    private static float[] Chains(float[] a, float[] b, float[] start, int rows, int columns, int depth)
    {
        float[] c = [.. start];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int k = 0; k < depth; k++)
                    c[(i * columns) + j] = MathF.FusedMultiplyAdd(a[(i * depth) + k], b[(k * columns) + j], c[(i * columns) + j]);
        return c;
    }

    private static float[] Transpose(float[] a, int rows, int columns)
    {
        float[] t = new float[a.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) t[(j * rows) + i] = a[(i * columns) + j];
        return t;
    }

    private static float[] Numbers(int count, long sequence)
    {
        float[] numbers = new float[count];
        Philox.FillGaussian(numbers, 42, RandomPurpose.Augment, sequence, 0);
        return numbers;
    }

    private static void SameBits(float[] actual, float[] expected, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (int i = 0; i < actual.Length; i++)
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]))
                BitConverter.SingleToInt32Bits(actual[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{what}, element {i}");
    }
}

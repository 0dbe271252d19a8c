using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Tests.Numerics;

public sealed class ScatterSumsTests
{
    [Theory]
    [InlineData(new[] { 40 }, 5)]
    [InlineData(new[] { 10, 10, 25, 40 }, 37)]
    [InlineData(new[] { 0, 5, 11, 16, 16, 30, 39, 40 }, 16)]
    public void Sums_have_the_bits_of_dense_matrices_added_as_a_tree_at_every_width(int[] ends, int columns)
    {
        const int rows = 40, numbers = 9;
        float[] x = [.. Enumerable.Range(0, rows * columns).Select(i => (float)Math.Sin(1.3 * (i + 1)))];
        float[] bears = [.. Enumerable.Range(0, rows).Select(row => (float)(((row * row) % (numbers + 1)) - 1))];   // −1 is left out
        float[] expected = Dense(x, bears, columns, ends, numbers);

        foreach (LaneWidth width in new[] { LaneWidth.Scalar, LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512 })
        {
            float[] sums = new float[numbers * columns], work = new float[ScatterSums.WorkFor(rows)];
            sums.AsSpan().Fill(float.NaN);
            ScatterSums.SumRows(x, bears, columns, ends, sums, work, width);
            for (int i = 0; i < sums.Length; i++)
                BitConverter.SingleToInt32Bits(sums[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{width}, place {i}");
        }
    }

    [Fact]
    public void No_rows_give_zeros()
    {
        float[] sums = [1, 2, 3];
        ScatterSums.SumRows([], [], 3, [0], sums, new float[ScatterSums.WorkFor(0)]);
        sums.ShouldBe([0f, 0, 0]);
    }

    private static float[] Dense(float[] x, float[] bears, int columns, int[] ends, int numbers)
    {
        List<float[]> level = [];
        int row = 0;
        foreach (int end in ends)
        {
            float[] partial = new float[numbers * columns];
            for (; row < end; row++)
                for (int j = 0; j < columns && bears[row] >= 0; j++)
                    partial[((int)bears[row] * columns) + j] += x[(row * columns) + j];
            level.Add(partial);
        }
        while (level.Count > 1)
            level = [.. level.Chunk(2).Select(pair => pair[0].Zip(pair[1], (a, b) => a + b).ToArray())];
        return level[0];
    }
}

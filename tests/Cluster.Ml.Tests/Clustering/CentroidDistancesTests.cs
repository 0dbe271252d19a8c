using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Clustering;

/// <summary>A block finds the centroids that rows find alone, however near the next is.</summary>
public sealed class CentroidDistancesTests
{
    private const int Rows = 40, Centroids = 12;

    // Scales at which floats are exact enough, lose digits, underflow and overflow; centroids that differ in the last places of a float, or of a double.
    [Theory]
    [InlineData(784, 1, 1e-3)]
    [InlineData(784, 1, 1e-9)]
    [InlineData(64, 255, 1e-15)]
    [InlineData(17, 1e-11, 1e-4)]
    [InlineData(64, 1e-30, 1e-9)]
    [InlineData(64, 1e30, 1e-9)]
    [InlineData(3, 1, 1e-9)]
    public void A_block_finds_what_each_row_finds_alone(int features, double scale, double apart)
    {
        double[] rows = new double[Rows * features], centroids = new double[Centroids * features];
        RandomStream random = RandomStream.At(7, RandomPurpose.ClusterStart, features, 0);
        for (int i = 0; i < rows.Length; i++) rows[i] = scale * random.NextDouble();
        for (int c = 0; c < Centroids; c++)
            for (int f = 0; f < features; f++)
                centroids[(c * features) + f] = c % 4 == 0 ? scale * random.NextDouble() : centroids[((c - 1) * features) + f] * (1 + (apart * random.NextDouble()));
        rows.AsSpan(0, features).Clear();
        centroids.AsSpan(5 * features, features).CopyTo(centroids.AsSpan(9 * features));
        NumericBuffer numbers = new(NumberKind.Float64, rows.Length);
        rows.CopyTo(numbers.Doubles);
        RowBlock block = new(features);
        block.Load(new RowTable(numbers, features, []), [.. Enumerable.Range(0, Rows)]);
        CentroidDistances distances = new(Centroids, features);
        distances.Set(centroids, Centroids);

        (int[] nearest, double[] squared) = (new int[Rows], new double[Rows]);
        distances.Nearest(block, nearest, squared);

        for (int row = 0; row < Rows; row++) (nearest[row], squared[row]).ShouldBe(distances.Nearest(rows.AsSpan(row * features, features)));
        nearest.ShouldNotContain(9);
    }

    [Fact]
    public void A_squared_distance_is_the_sum_of_squares()
    {
        CentroidDistances distances = new(2, 19);
        double[] x = [.. Enumerable.Range(0, 19).Select(i => (double)i)], centroids = [.. Enumerable.Range(0, 38).Select(i => i / 2.0)];
        distances.Set(centroids, 2);

        distances.Squared(x, 1).ShouldBe(Enumerable.Range(0, 19).Sum(i => Math.Pow(i - ((i + 19) / 2.0), 2)));
    }
}

using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class SilhouettesTests
{
    [Fact]
    public void Those_of_the_irises_by_species_are_those_of_scikit_learn()
    {
        (double[] rows, int[] species) = GoldenScores.Irises();

        Silhouettes.Of(rows, 4, species)!.ShouldBe(GoldenScores.Numbers(GoldenScores.Root.GetProperty("silhouettes")), 1e-12);
    }

    [Fact]
    public void A_row_alone_has_none_and_rows_that_are_all_alike_have_none() =>
        Silhouettes.Of([0, 0, 5], 1, [0, 0, 1])!.ShouldBe([1, 1, 0]);

    [Fact]
    public void Two_clusters_of_equal_rows_have_zeros() => Silhouettes.Of([3, 3, 3, 3], 1, [0, 1, 0, 1])!.ShouldAllBe(value => value == 0);

    [Fact]
    public void One_cluster_has_no_silhouettes_and_sizes_must_fit()
    {
        Silhouettes.Of([1, 2], 1, [0, 0]).ShouldBeNull();
        Silhouettes.Of([1, 2], 1, [3, 3]).ShouldBeNull();
        Should.Throw<ArgumentException>(() => Silhouettes.Of([1, 2, 3], 2, [0, 1])).Message.ShouldContain("wanted 2 rows of 2 numbers, got 3 numbers");
        Should.Throw<ArgumentException>(() => Silhouettes.Of([1, 2], 1, [0, -1])).Message.ShouldContain("wanted clusters from 0, got -1");
    }
}

using Cluster.Ml.Trees.Forest;

namespace Cluster.Ml.Tests.Trees.Forest;

public sealed class BootstrapTests
{
    [Fact]
    public void Weights_have_the_shares_of_the_Poisson_distribution()
    {
        const int rows = 400_000;
        var seen = new double[Bootstrap.WeightMax + 1];
        foreach (byte weight in Weights(tree: 3, rows)) seen[weight]++;

        double wanted = 0.36787944117144233;
        for (int k = 0; k < 6; wanted /= ++k) (seen[k] / rows).ShouldBe(wanted, 5 * Math.Sqrt(wanted / rows), $"{k}");
        seen[9..].Sum().ShouldBeLessThan(10);
    }

    [Fact]
    public void A_row_s_weight_depends_on_seed_tree_and_row_alone()
    {
        byte[] all = Weights(tree: 7, 2_000);
        int[] some = [1_999, 5, 700];
        var weights = new byte[3];

        new Bootstrap(11).Fill(7, some, weights);

        weights.ShouldBe(some.Select(id => all[id]));
        Weights(tree: 8, 2_000).ShouldNotBe(all);
    }

    private static byte[] Weights(int tree, int rows)
    {
        Bootstrap bootstrap = new(11);
        var all = new byte[rows];
        int[] ids = [.. Enumerable.Range(0, rows)];
        for (int done = 0; done < rows; done += Bootstrap.RowsAtOnce)
        {
            int count = Math.Min(Bootstrap.RowsAtOnce, rows - done);
            bootstrap.Fill(tree, ids.AsSpan(done, count), all.AsSpan(done, count));
        }
        return all;
    }
}

using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>Krum chooses n − 2f gradients one after another; of each number, the mean of those nearest to their median.</summary>
/// <param name="Lies">f.</param>
/// <remarks>
/// Equation  θ = n − 2f gradients by Krum, each from those that are left; aᵢ = mean of the β = θ − 2f numbers nearest to the median
/// Promise   at most f of n ≥ 4f + 3 lie: also a lie that hides in one of very many numbers is bounded
/// Source    El Mhamdi, Guerraoui, Rouault, "The Hidden Vulnerability of Distributed Learning in Byzantium", ICML 2018, § 4
/// </remarks>
public sealed record Bulyan(int Lies) : AggregateSpec
{
    internal static readonly NamedChoice Declared = new(
        "bulyan", "krum time and again, then of each number the mean of those near the median", Lying(new KeySet<Bulyan>(new(1)), (o, value) => o with { Lies = value }));

    /// <inheritdoc/>
    public override int Byzantine => Lies;

    internal override NamedChoice Choice => Declared;

    internal override int Least => (4 * Lies) + 3;

    internal override string Promise => "n of at least 4f + 3";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        int length = result.Length, chosen = Math.Max(1, count - (2 * Lies)), kept = Math.Max(1, chosen - (2 * Lies));
        double[] distances = KrumScores.Distances(gradients, count, length);
        List<int> left = [.. Enumerable.Range(0, count)], taken = [];
        while (taken.Count < chosen)
        {
            int best = KrumScores.Order(distances, count, left, Lies)[0];
            taken.Add(best);
            left.Remove(best);
        }
        taken.Sort();
        float[] sorted = new float[chosen];
        for (int i = 0; i < length; i++)
        {
            for (int t = 0; t < chosen; t++) sorted[t] = gradients[(taken[t] * length) + i];
            Array.Sort(sorted);
            result[i] = NearMedian(sorted, kept);
        }
    }

    /// <summary>The mean of so many consecutive sorted numbers that are nearest to the median.</summary>
    private static float NearMedian(float[] sorted, int kept)
    {
        double median = Median.MiddleOf(sorted);
        int first = 0, last = sorted.Length;
        while (last - first > kept)
            if (median - sorted[first] > sorted[last - 1] - median) first++;
            else last--;
        double sum = 0;
        for (int t = first; t < last; t++) sum += sorted[t];
        return (float)(sum / kept);
    }
}

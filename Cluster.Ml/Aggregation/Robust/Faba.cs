using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>The mean of the gradients that pass a screening: the one farthest from the mean of those left is dropped, f times.</summary>
/// <param name="Lies">f.</param>
/// <remarks>
/// Equation  f times: S ← S without the i of the greatest ‖gᵢ − mean of S‖;  then the mean of S. Of equal distances the first is dropped
/// Promise   at most f of n ≥ 2f + 1 lie, and lies lie farther from the mean than honest gradients
/// Source    Xia, Chen, Hao, Huang, Xi, "FABA: An Algorithm for Fast Aggregation against Byzantine Attacks in Distributed Neural Networks",
///           IJCAI 2019, algorithm 1
/// </remarks>
public sealed record Faba(int Lies) : AggregateSpec
{
    internal static readonly NamedChoice Declared = new(
        "faba", "the mean, after those farthest from it were dropped one by one", Lying(new KeySet<Faba>(new(1)), (o, value) => o with { Lies = value }));

    /// <inheritdoc/>
    public override int Byzantine => Lies;

    internal override NamedChoice Choice => Declared;

    internal override int Least => (2 * Lies) + 1;

    internal override string Promise => "n of at least 2f + 1";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        int length = result.Length;
        List<int> left = [.. Enumerable.Range(0, count)];
        double[] mean = MeanOf(gradients, left, length), distances = new double[count];
        for (int dropped = 0; dropped < Lies && left.Count > 1; dropped++)
        {
            foreach (int row in left) distances[row] = DistanceOf(gradients.Slice(row * length, length), mean);
            left.Remove(left.MaxBy(row => distances[row]));
            mean = MeanOf(gradients, left, length);
        }
        for (int i = 0; i < length; i++) result[i] = (float)mean[i];
    }

    private static double[] MeanOf(ReadOnlySpan<float> gradients, List<int> rows, int length)
    {
        double[] mean = new double[length];
        foreach (int row in rows)
            for (int i = 0; i < length; i++) mean[i] += gradients[(row * length) + i];
        for (int i = 0; i < length; i++) mean[i] /= rows.Count;
        return mean;
    }

    private static double DistanceOf(ReadOnlySpan<float> gradient, double[] mean)
    {
        double squares = 0;
        for (int i = 0; i < mean.Length; i++) squares += (gradient[i] - mean[i]) * (gradient[i] - mean[i]);
        return squares;
    }
}

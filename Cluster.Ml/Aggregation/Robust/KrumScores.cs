namespace Cluster.Ml.Aggregation.Robust;

/// <summary>How near each gradient is to its nearest others.</summary>
/// <remarks>
/// Equation  s(i) = Σ ‖gᵢ − gⱼ‖² over the n − f − 2 nearest j;  of equal scores the first counts as the least
/// Source    Blanchard, El Mhamdi, Guerraoui, Stainer, "Machine Learning with Adversaries", NIPS 2017, § 3
/// </remarks>
internal static class KrumScores
{
    /// <summary>Squared distances, [n × n].</summary>
    public static double[] Distances(ReadOnlySpan<float> gradients, int count, int length)
    {
        double[] distances = new double[count * count];
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++)
            {
                ReadOnlySpan<float> x = gradients.Slice(i * length, length), y = gradients.Slice(j * length, length);
                double sum = 0;
                for (int k = 0; k < length; k++)
                {
                    double difference = (double)x[k] - y[k];
                    sum += difference * difference;
                }
                distances[(i * count) + j] = distances[(j * count) + i] = sum;
            }
        return distances;
    }

    /// <summary>The candidates by ascending score.</summary>
    /// <param name="distances">[n × n].</param>
    /// <param name="count">n.</param>
    /// <param name="candidates">The gradients that are left.</param>
    /// <param name="byzantine">f.</param>
    public static int[] Order(double[] distances, int count, IReadOnlyList<int> candidates, int byzantine)
    {
        int nearest = Math.Max(1, candidates.Count - byzantine - 2);
        return [.. candidates.OrderBy(i => candidates.Where(j => j != i).Select(j => distances[(i * count) + j]).Order().Take(nearest).Sum()).ThenBy(i => i)];
    }
}

namespace Cluster.Ml.Evaluation;

/// <summary>How well each row lies in its cluster: near its other rows, far from those of the next.</summary>
/// <remarks>
/// Equation  s = (b − a) / max(a, b), a the mean distance to the other rows of the cluster, b the least mean distance to the rows of another
/// Range     −1 to 1; 0 for a row that is alone in its cluster, and where all distances are 0; undefined, and null, of fewer than two clusters
/// Cost      O(n²·d)
/// Source    Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", J. Comput. Appl. Math. 20 (1987), § 2
/// </remarks>
public static class Silhouettes
{
    /// <summary>One a row; null if they are undefined.</summary>
    /// <param name="rows">[clusters.Length, columns].</param>
    /// <param name="columns">Numbers a row.</param>
    /// <param name="clusters">The cluster of each row, from 0.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static double[]? Of(ReadOnlySpan<double> rows, int columns, ReadOnlySpan<int> clusters)
    {
        int count = clusters.Length;
        if (rows.Length != count * columns)
            throw new ArgumentException($"Silhouettes: wanted {count} rows of {columns} numbers, got {rows.Length} numbers.", nameof(rows));
        int[] sizes = SizesOf(clusters);
        if (sizes.Count(size => size > 0) < 2) return null;
        double[] silhouettes = new double[count], sums = new double[sizes.Length];
        for (int i = 0; i < count; i++)
        {
            Array.Clear(sums);
            for (int j = 0; j < count; j++) sums[clusters[j]] += Math.Sqrt(SquaredDistance(rows.Slice(i * columns, columns), rows.Slice(j * columns, columns)));
            silhouettes[i] = Of(sums, sizes, clusters[i]);
        }
        return silhouettes;
    }

    private static double Of(double[] sums, int[] sizes, int own)
    {
        if (sizes[own] < 2) return 0;
        double near = sums[own] / (sizes[own] - 1), next = double.PositiveInfinity;
        for (int c = 0; c < sizes.Length; c++)
            if (c != own && sizes[c] > 0) next = Math.Min(next, sums[c] / sizes[c]);
        double most = Math.Max(near, next);
        return most == 0 ? 0 : (next - near) / most;
    }

    private static int[] SizesOf(ReadOnlySpan<int> clusters)
    {
        int most = -1;
        foreach (int cluster in clusters)
            most = cluster >= 0 ? Math.Max(most, cluster) : throw new ArgumentException($"Silhouettes: wanted clusters from 0, got {cluster}.", nameof(clusters));
        int[] sizes = new int[most + 1];
        foreach (int cluster in clusters) sizes[cluster]++;
        return sizes;
    }

    private static double SquaredDistance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double sum = 0;
        for (int i = 0; i < first.Length; i++) sum += (first[i] - second[i]) * (first[i] - second[i]);
        return sum;
    }
}

namespace Cluster.Ml.Clustering;

/// <summary>Moves the centroids of one start towards the rows of a batch.</summary>
/// <remarks>
/// Equation  v_c ← v_c + n_c;  μ_c ← μ_c + (Σ x − n_c·μ_c) / v_c over the n_c rows of the batch nearest to μ_c: what the rows one by one, each with rate
///           1 / v_c, come to. So μ_c is the mean of its start, counted 0 times, and of all rows that were ever assigned to it
/// Range     a centroid that no row was nearest to so far takes, when an epoch ends, the row of its last batch that is farthest from its centroid
/// Source    Sculley, "Web-Scale K-Means Clustering", WWW 2010, algorithm 1
/// Differs   from scikit-learn, which moves centroids of few rows as well
/// </remarks>
internal static class MiniBatchStep
{
    /// <summary>One step. The inertia of a start is that of the epoch's batches so far, each measured before its step.</summary>
    /// <param name="layout">Sizes.</param>
    /// <param name="run">Changed; what Lloyd's steps mark as settled stays 0.</param>
    /// <param name="part">The sums of a batch.</param>
    /// <param name="isFirst">Whether the epoch begins.</param>
    /// <param name="isLast">Whether it ends.</param>
    public static void Apply(KMeansLayout layout, KMeansRun run, KMeansPart part, bool isFirst, bool isLast)
    {
        run.Inertia = isFirst ? part.Inertia : run.Inertia + part.Inertia;
        bool refills = isLast && part.Key < 0;      // the key is minus the largest squared distance
        for (int c = 0; c < layout.Clusters; c++)
        {
            Span<double> centroid = run.Centroids.Slice(c * layout.Features, layout.Features);
            double rows = part.Sizes[c];
            run.Sizes[c] += rows;
            if (rows > 0) Move(centroid, part.Sums.Slice(c * layout.Features, layout.Features), rows, run.Sizes[c]);
            else if (refills && run.Sizes[c] == 0)
            {
                part.Row.CopyTo(centroid);
                refills = false;
            }
        }
    }

    private static void Move(Span<double> centroid, ReadOnlySpan<double> sums, double rows, double seen)
    {
        for (int f = 0; f < centroid.Length; f++) centroid[f] += (sums[f] - (rows * centroid[f])) / seen;
    }
}

namespace Cluster.Ml.Clustering;

/// <summary>Moves the centroids of one start to the means of their examples.</summary>
internal static class LloydStep
{
    /// <summary>One step; a start that has nothing to gain is marked settled and keeps the centroids that its inertia was measured with.</summary>
    public static void Apply(KMeansLayout layout, KMeansRun run, KMeansPart part, double tolerance)
    {
        bool measured = HasSizes(run.Sizes), repaired = Empty(part.Sizes) >= 0;
        bool gained = !measured || run.Inertia - part.Inertia > tolerance * run.Inertia;
        part.Sizes.CopyTo(run.Sizes);
        run.Inertia = part.Inertia;
        if ((gained || repaired) && Move(layout, run, part)) return;
        run.Settled = 1;
    }

    // Whether any centroid moved.
    private static bool Move(KMeansLayout layout, KMeansRun run, KMeansPart part)
    {
        bool moved = false;
        int refilled = part.Key < 0 ? Empty(part.Sizes) : -1;      // the key is minus the largest squared distance
        for (int c = 0; c < layout.Clusters; c++)
        {
            Span<double> centroid = run.Centroids.Slice(c * layout.Features, layout.Features);
            if (c == refilled)
            {
                part.Row.CopyTo(centroid);
                moved = true;
            }
            if (part.Sizes[c] == 0) continue;
            for (int f = 0; f < centroid.Length; f++)
            {
                double mean = part.Sums[(c * layout.Features) + f] / part.Sizes[c];
                moved |= mean != centroid[f];
                centroid[f] = mean;
            }
        }
        return moved;
    }

    private static int Empty(ReadOnlySpan<double> sizes) => sizes.IndexOf(0.0);

    private static bool HasSizes(ReadOnlySpan<double> sizes) => sizes.IndexOfAnyExcept(0.0) >= 0;
}

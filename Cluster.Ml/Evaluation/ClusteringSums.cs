namespace Cluster.Ml.Evaluation;

/// <summary>Sums that the quality of a clustering is computed from; they add up over parts of a split.</summary>
/// <remarks>
/// Shapes    [rows, Σ d²]
/// Equation  inertia = Σ min over centroids of the squared Euclidean distance
/// Units     squared units of the scaled features; a sum, not a mean, as in scikit-learn
/// </remarks>
public static class ClusteringSums
{
    /// <summary>How many numbers.</summary>
    public const int Length = 2;

    /// <summary>Adds one row.</summary>
    /// <param name="sums">[Length], added to.</param>
    /// <param name="squaredDistance">To the nearest centroid.</param>
    public static void Add(Span<double> sums, double squaredDistance)
    {
        sums[0]++;
        sums[1] += squaredDistance;
    }

    /// <summary>The figure inertia; none if there are no rows.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums) => sums[0] == 0 ? Metrics.None : new Metrics([new("inertia", sums[1])]);
}

using Cluster.Ml.Numerics;

namespace Cluster.Ml.Clustering;

/// <summary>How far each row of a shard is from the nearest centroid that each start has chosen so far, kept from one choice to the next.</summary>
/// <remarks>
/// Range       one thread at a time, behind the lock on the object
/// Determinism a minimum has the same bits, whether it is taken at once or centroid by centroid. The centroids that are covered are
///             compared with the state's first, so that distances of another history are never used
/// </remarks>
internal sealed class StartDistances(KMeansLayout layout, int rows)
{
    /// <summary>The most numbers that a shard keeps, 32 MiB; with more rows or starts each choice measures all distances anew.</summary>
    public const int NumbersMax = 1 << 22;

    private readonly double[] _squared = new double[layout.Restarts * rows];
    private readonly double[] _centroids = new double[layout.Restarts * layout.Centroids];
    private int _covered;

    /// <summary>The squared distances of one start, [rows].</summary>
    public Span<double> Of(int restart) => _squared.AsSpan(restart * rows, rows);

    /// <summary>How many of the state's chosen centroids the distances are to; 0 if they have to be measured anew.</summary>
    public int CoveredOf(NumericBuffer state, int chosen)
    {
        if (_covered > chosen) return 0;
        int covered = _covered * layout.Features;
        for (int restart = 0; restart < layout.Restarts; restart++)
            if (!layout.Run(state.Doubles, restart).Centroids[..covered].SequenceEqual(Covered(restart)[..covered])) return 0;
        return _covered;
    }

    /// <summary>Distances are to these centroids now.</summary>
    public void Cover(NumericBuffer state, int chosen)
    {
        for (int restart = 0; restart < layout.Restarts; restart++)
            layout.Run(state.Doubles, restart).Centroids[..(chosen * layout.Features)].CopyTo(Covered(restart));
        _covered = chosen;
    }

    /// <summary>Distances are about to change.</summary>
    public void Forget() => _covered = 0;

    private Span<double> Covered(int restart) => _centroids.AsSpan(restart * layout.Centroids, layout.Centroids);
}

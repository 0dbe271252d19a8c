namespace Cluster.Ml.Evaluation;

/// <summary>Where a falling curve bends: from there on, more clusters take little of the inertia.</summary>
/// <remarks>
/// Equation  argmax (1 − x) − y, x and y the coordinates scaled to 0 … 1: the point that is farthest below the straight line from first to last
/// Range     of at least three points, the last below the first; null otherwise. It depends on where the curve is cut off
/// Ties      the first
/// Source    Satopää et al., "Finding a 'Kneedle' in a Haystack", ICDCS Workshops 2011, § III, without smoothing
/// </remarks>
public static class Elbow
{
    private const int PointsMin = 3;

    /// <summary>The place of the point in the list; null if there is no bend.</summary>
    /// <param name="points">In the order of x, which rises.</param>
    public static int? Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < PointsMin || points[^1].Y >= points[0].Y || points[^1].X <= points[0].X) return null;
        double across = points[^1].X - points[0].X, down = points[0].Y - points[^1].Y, most = 0;
        int? elbow = null;
        for (int i = 1; i < points.Count - 1; i++)
        {
            double below = ((points[0].Y - points[i].Y) / down) - ((points[i].X - points[0].X) / across);
            if (below > most) (most, elbow) = (below, i);
        }
        return elbow;
    }
}

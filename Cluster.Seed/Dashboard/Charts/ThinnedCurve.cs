namespace Cluster.Seed.Dashboard.Charts;

/// <summary>A curve of any number of points in bounded memory. What is dropped lies between the lowest and the highest of its neighbours, so that no spike is lost.</summary>
/// <remarks>
/// Thinning  neighbours share a bucket, which keeps its lowest and its highest point; when there are too many buckets, pairs of them become one
/// Cost      amortized O(1) a point; at most <see cref="BucketsMax"/> buckets
/// Threads   one at a time
/// </remarks>
internal sealed class ThinnedCurve
{
    /// <summary>How many buckets there are at the most; each is drawn as two points.</summary>
    public const int BucketsMax = 256;

    private readonly List<Bucket> _buckets = [];
    private long _pointsOfBucket = 1, _inLast;

    /// <summary>How many points were taken.</summary>
    public long Count { get; private set; }

    /// <summary>The newest point; null before the first.</summary>
    public CurvePoint? Last { get; private set; }

    /// <summary>The lowest value; NaN before the first.</summary>
    public double Lowest => _buckets.Count == 0 ? double.NaN : _buckets.Min(bucket => bucket.Lowest.Y);

    /// <summary>The highest value; NaN before the first.</summary>
    public double Highest => _buckets.Count == 0 ? double.NaN : _buckets.Max(bucket => bucket.Highest.Y);

    /// <summary>Takes a point. One that is not finite, or not beyond the newest, is passed over: steps that are taken again have the same figures.</summary>
    public void Add(double x, double y)
    {
        if (!double.IsFinite(x) || !double.IsFinite(y) || x <= Last?.X) return;
        CurvePoint point = new(x, y);
        Last = point;
        Count++;
        if (_buckets.Count > 0 && _inLast < _pointsOfBucket)
        {
            _buckets[^1] = _buckets[^1].With(new Bucket(point, point));
            _inLast++;
            return;
        }
        if (_buckets.Count == BucketsMax) Halve();
        _buckets.Add(new Bucket(point, point));
        _inLast = 1;
    }

    /// <summary>The points to draw, in their order.</summary>
    public ImmutableArray<CurvePoint> Points()
    {
        ImmutableArray<CurvePoint>.Builder points = ImmutableArray.CreateBuilder<CurvePoint>((2 * _buckets.Count) + 1);
        foreach (Bucket bucket in _buckets)
        {
            (CurvePoint first, CurvePoint second) = bucket.Lowest.X <= bucket.Highest.X ? (bucket.Lowest, bucket.Highest) : (bucket.Highest, bucket.Lowest);
            points.Add(first);
            if (second.X > first.X) points.Add(second);
        }
        if (Last is { } last && points[^1].X < last.X) points.Add(last);
        return points.ToImmutable();
    }

    /// <summary>The count of buckets is even, so that each finds its pair.</summary>
    private void Halve()
    {
        for (int i = 0; i < _buckets.Count / 2; i++) _buckets[i] = _buckets[2 * i].With(_buckets[(2 * i) + 1]);
        _buckets.RemoveRange(_buckets.Count / 2, _buckets.Count - (_buckets.Count / 2));
        _pointsOfBucket *= 2;
    }

    private readonly record struct Bucket(CurvePoint Lowest, CurvePoint Highest)
    {
        public Bucket With(Bucket other) => new(
            other.Lowest.Y < Lowest.Y ? other.Lowest : Lowest,
            other.Highest.Y > Highest.Y ? other.Highest : Highest);
    }
}

/// <summary>A point of a curve.</summary>
public readonly record struct CurvePoint(double X, double Y);

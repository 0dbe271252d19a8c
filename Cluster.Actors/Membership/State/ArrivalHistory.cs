namespace Cluster.Actors.Membership.State;

/// <summary>When a member was last heard, and the lengths of the last intervals between its heartbeats. Immutable.</summary>
/// <param name="Last">When it last said anything; the beginning of time where it has said that it ends.</param>
/// <param name="LastBeat">When its last heartbeat came; null before the first.</param>
/// <param name="Intervals">The last intervals in ticks, at most <see cref="IntervalsMax"/>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Sum">Their sum; whole numbers, so that adding and taking away leaves nothing behind.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Doubts">Connections to it that were refused since it was last heard.</param>
internal sealed record ArrivalHistory(
    DateTimeOffset Last, DateTimeOffset? LastBeat, ImmutableQueue<long> Intervals, int Count, long Sum, Int128 SumOfSquares, int Doubts)
{
    /// <summary>Intervals that are remembered: enough to estimate a deviation, few enough to follow a machine that becomes busy.</summary>
    public const int IntervalsMax = 100;

    public bool HasStopped => Last == DateTimeOffset.MinValue;

    /// <summary>Mean of the intervals, in ticks.</summary>
    public double Mean => (double)Sum / Count;

    /// <summary>Their variance, in ticks squared.</summary>
    public double Variance => (double)((SumOfSquares * Count) - ((Int128)Sum * Sum)) / ((double)Count * Count);

    public static ArrivalHistory Start(DateTimeOffset now) => new(now, null, [], 0, 0, 0, 0);

    public TimeSpan Silence(DateTimeOffset now) => now - Last;

    public ArrivalHistory Heard(DateTimeOffset now) => this with { Last = now, Doubts = 0 };

    public ArrivalHistory Doubted() => this with { Doubts = Math.Min(Doubts + 1, FailureDetector.DoubtsMin) };

    /// <summary>An interval in which the member was suspected says nothing about its heart.</summary>
    public ArrivalHistory Beat(DateTimeOffset now, FailureDetector detector)
    {
        ArrivalHistory heard = Heard(now) with { LastBeat = now };
        long ticks = LastBeat is { } before ? (now - before).Ticks : 0;
        return ticks <= 0 || ticks > detector.PatienceMax.Ticks ? heard : heard.With(ticks);
    }

    /// <summary>Time in which the listener did not run is no silence.</summary>
    public ArrivalHistory Forgive(TimeSpan starved) =>
        HasStopped || starved == TimeSpan.Zero ? this : this with { Last = Last + starved, LastBeat = LastBeat + starved };

    private ArrivalHistory With(long ticks)
    {
        ArrivalHistory next = this with { Intervals = Intervals.Enqueue(ticks), Count = Count + 1, Sum = Sum + ticks, SumOfSquares = SumOfSquares + ((Int128)ticks * ticks) };
        if (next.Count <= IntervalsMax) return next;
        ImmutableQueue<long> rest = next.Intervals.Dequeue(out long oldest);
        return next with { Intervals = rest, Count = IntervalsMax, Sum = next.Sum - oldest, SumOfSquares = next.SumOfSquares - ((Int128)oldest * oldest) };
    }
}

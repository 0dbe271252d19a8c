namespace Cluster.Actors.Membership.State;

/// <summary>
/// Says for how long a member may be silent before it is suspected: the φ accrual failure detector, solved for time.
/// </summary>
/// <remarks>
/// Equation  φ(t) = −log₁₀ Q((t − pause − μ) / σ),  Q the upper tail of the normal distribution;  φ(t) &gt; threshold  ⟺  t &gt; pause + μ + k·σ,  Q(k) = 10^(−threshold)
/// Units     μ, σ: mean and deviation of the intervals between the member's last heartbeats
/// Range     at least pause + interval, at most <see cref="PatienceMax"/>, so that whoever is cut off knows by when the others have noticed
/// Source    Hayashibara, Défago, Yared, Katayama: The φ Accrual Failure Detector, SRDS 2004, § 4; the pause is Akka's addition
/// Differs   from the paper in the pause, the bounds, and in that refused connections shorten the patience (never to nothing)
/// </remarks>
internal sealed record FailureDetector
{
    /// <summary>Refused connections in a row from which on they count: one may be a process that is just starting.</summary>
    public const int DoubtsMin = 2;

    /// <summary>Intervals beyond the pause after which silence is suspect however irregular the heartbeats were.</summary>
    private const int IntervalsMax = 4;

    /// <summary>Intervals of silence that a node is given of which nobody takes connections any more.</summary>
    private const int DoubtedIntervals = 3;

    /// <summary>Heartbeats before the estimates are used; until then the deviation is a quarter of the interval.</summary>
    private const int CountMin = 10;

    private readonly double _deviations;

    public FailureDetector(ClusterSettings settings)
    {
        Interval = settings.HeartbeatInterval;
        Pause = settings.AcceptablePause;
        PatienceMax = Pause + (IntervalsMax * Interval);
        _deviations = NormalTail.Quantile(settings.SuspicionThreshold);
    }

    /// <summary>How often members say that they live.</summary>
    public TimeSpan Interval { get; }

    /// <summary>What a heartbeat may be late without any suspicion.</summary>
    public TimeSpan Pause { get; }

    /// <summary>The longest patience with anybody.</summary>
    public TimeSpan PatienceMax { get; }

    /// <summary>For how long that member may be silent.</summary>
    public TimeSpan Patience(ArrivalHistory history)
    {
        if (history.Doubts >= DoubtsMin) return DoubtedIntervals * Interval;
        bool known = history.Count >= CountMin;
        double mean = known ? Math.Max(history.Mean, Interval.Ticks) : Interval.Ticks;
        double deviation = known ? Math.Max(Math.Sqrt(history.Variance), Interval.Ticks / 10.0) : Interval.Ticks / 4.0;
        double ticks = Pause.Ticks + mean + (_deviations * deviation);
        return ticks < PatienceMax.Ticks ? TimeSpan.FromTicks((long)ticks) : PatienceMax;
    }
}

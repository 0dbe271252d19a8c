using Cluster.Messages;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// How long training stands still when something that it needs is lost: from the moment at which the loss is noticed to the end of
/// the first round that could not do without it. It measures and decides nothing.
/// </summary>
/// <remarks>
/// Units     milliseconds in the report
/// Differs   from the time without progress as a person sees it, which also holds the time until the loss is noticed: that is set
///           by heartbeats (docs of heartbeat-interval, acceptable-pause, down-after)
/// </remarks>
internal sealed class RecoveryMeter
{
    /// <summary>So many are remembered for the median, the newest.</summary>
    private const int RememberedMax = 1024;

    private readonly Queue<TimeSpan> _took = [];
    private readonly List<(TimeSpan Since, long Round)> _open = [];

    /// <summary>Losses that training has got over.</summary>
    public int Count { get; private set; }

    /// <summary>The longest.</summary>
    public TimeSpan Worst { get; private set; }

    /// <summary>Of the newest; zero if there is none.</summary>
    public TimeSpan Median => _took.Count == 0 ? TimeSpan.Zero : _took.Order().ElementAt(_took.Count / 2);

    /// <summary>Something is lost.</summary>
    /// <param name="at">When it was noticed.</param>
    /// <param name="round">The first round that cannot do without it.</param>
    public void OnLost(TimeSpan at, long round) => _open.Add((at, round));

    /// <summary>A round is complete.</summary>
    /// <returns>For each loss that training has got over by this: how long that took.</returns>
    public IReadOnlyList<TimeSpan> OnComplete(long round, TimeSpan now)
    {
        if (_open.Count == 0) return [];
        TimeSpan[] over = [.. _open.Where(loss => loss.Round <= round).Select(loss => now - loss.Since)];
        _open.RemoveAll(loss => loss.Round <= round);
        foreach (TimeSpan took in over) Add(took);
        return over;
    }

    /// <summary>What a report shows; nothing if nothing was lost.</summary>
    public ImmutableArray<NamedFigure> Figures => Count == 0 ? [] :
    [
        new("recoveries", Count),
        new("recovery_ms_median", Median.TotalMilliseconds),
        new("recovery_ms_worst", Worst.TotalMilliseconds),
    ];

    private void Add(TimeSpan took)
    {
        Count++;
        if (took > Worst) Worst = took;
        if (_took.Count == RememberedMax) _took.Dequeue();
        _took.Enqueue(took);
    }
}

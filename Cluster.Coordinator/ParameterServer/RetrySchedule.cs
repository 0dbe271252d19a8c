namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Says at which ticks of a steady timer an unfinished round is asked for again: after 1, 3, 7, 15 ticks, then every
/// <see cref="IntervalMax"/>. One steady timer, because starting one for each step would cost more than the step's messages.
/// </summary>
internal class RetrySchedule
{
    /// <summary>The longest interval, in ticks.</summary>
    public const int IntervalMax = 10;

    private long _round = -1;
    private int _ticks;
    private int _interval;
    private int _due;

    /// <summary>How often the current round has been asked for again.</summary>
    public int Repeats { get; private set; }

    /// <summary>Called at each tick.</summary>
    /// <param name="round">The ordinal of the unfinished round.</param>
    /// <returns>Whether to ask again.</returns>
    public virtual bool Tick(long round)
    {
        if (round != _round)
        {
            // A round that began just before this tick gets a whole interval.
            (_round, _ticks, _interval, _due, Repeats) = (round, 0, 1, 1, 0);
            return false;
        }
        if (++_ticks < _due) return false;
        _interval = Math.Min(2 * _interval, IntervalMax);
        _due = _ticks + _interval;
        Repeats++;
        return true;
    }
}

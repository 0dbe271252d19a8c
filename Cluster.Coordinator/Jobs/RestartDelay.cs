namespace Cluster.Coordinator.Jobs;

/// <summary>
/// How long to wait before a child that stopped is started again: longer each time, until it has got further than it was
/// when it stopped. A child that comes back at an older step and fails at the same place again has not got further.
/// </summary>
internal sealed class RestartDelay(CoordinatorLimits limits)
{
    private long _furthest = -1;

    /// <summary>How often the child has stopped since it last got further.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether it has stopped so often that trying again is pointless.</summary>
    public bool IsExhausted => Failures > limits.FailuresMax;

    /// <summary>The child stopped.</summary>
    /// <param name="step">How far it was.</param>
    /// <returns>The pause before it is started again.</returns>
    public TimeSpan Fail(long step)
    {
        _furthest = Math.Max(_furthest, step);
        Failures++;
        double factor = Math.Pow(2, Math.Min(Failures - 1, 30));
        return TimeSpan.FromTicks((long)Math.Min(limits.BackoffMax.Ticks, limits.BackoffMin.Ticks * factor));
    }

    /// <summary>The child is this far.</summary>
    public void Reached(long step)
    {
        if (step > _furthest) Failures = 0;
    }
}

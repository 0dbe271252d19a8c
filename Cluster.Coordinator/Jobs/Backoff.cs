namespace Cluster.Coordinator.Jobs;

/// <summary>How long to wait before a child that stopped is started again: longer each time, until it has got something done.</summary>
internal sealed class Backoff(CoordinatorLimits limits)
{
    /// <summary>How often the child has stopped since it last got something done.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether it has stopped so often that trying again is pointless.</summary>
    public bool IsExhausted => Failures > limits.FailuresMax;

    /// <summary>The child stopped.</summary>
    /// <returns>The pause before it is started again.</returns>
    public TimeSpan Fail()
    {
        Failures++;
        double factor = Math.Pow(2, Math.Min(Failures - 1, 30));
        return TimeSpan.FromTicks((long)Math.Min(limits.BackoffMax.Ticks, limits.BackoffMin.Ticks * factor));
    }

    /// <summary>The child got something done.</summary>
    public void Reset() => Failures = 0;
}

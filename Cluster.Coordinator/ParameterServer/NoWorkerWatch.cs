namespace Cluster.Coordinator.ParameterServer;

/// <summary>What a time without any worker calls for.</summary>
internal enum NoWorkerVerdict
{
    /// <summary>Nothing yet.</summary>
    Wait,

    /// <summary>A warning.</summary>
    Warn,

    /// <summary>The job fails.</summary>
    GiveUp,
}

/// <summary>Counts how long a job has had no worker at all.</summary>
internal sealed class NoWorkerWatch(CoordinatorLimits limits)
{
    private long _ticks;

    /// <summary>How long there has been none.</summary>
    public TimeSpan Waited => limits.RoundTick * _ticks;

    /// <summary>Called at each round tick.</summary>
    public NoWorkerVerdict Tick(bool anyWorker)
    {
        if (anyWorker)
        {
            _ticks = 0;
            return NoWorkerVerdict.Wait;
        }
        _ticks++;
        if (limits.NoWorkerLimit is { } limit && Waited >= limit) return NoWorkerVerdict.GiveUp;
        long every = Math.Max(1, limits.NoWorkerWarning.Ticks / limits.RoundTick.Ticks);
        return _ticks % every == 0 ? NoWorkerVerdict.Warn : NoWorkerVerdict.Wait;
    }
}

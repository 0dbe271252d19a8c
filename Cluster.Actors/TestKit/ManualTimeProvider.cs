namespace Cluster.Actors.TestKit;

/// <summary>A clock with timers that goes only when told to. Timers go off on the thread that advances it.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset s_epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(ManualTimer Timer, int Generation), (long Due, long Sequence)> _timers = new();
    private long _now;
    private long _sequence;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => s_epoch.AddTicks(Volatile.Read(ref _now));

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end = Volatile.Read(ref _now) + by.Ticks;
        while (Due(end) is { } timer)
            timer.Fire();
        Volatile.Write(ref _now, end);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? Due(long end)
    {
        lock (_gate)
        {
            while (_timers.TryPeek(out (ManualTimer Timer, int Generation) next, out (long Due, long Sequence) at) && at.Due <= end)
            {
                _timers.Dequeue();
                if (next.Timer.Generation != next.Generation)
                    continue;
                Volatile.Write(ref _now, Math.Max(_now, at.Due));
                if (next.Timer.Period > TimeSpan.Zero)
                    _timers.Enqueue(next, (at.Due + next.Timer.Period.Ticks, _sequence++));
                return next.Timer;
            }

            return null;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        internal int Generation { get; private set; }

        internal TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                Generation++;
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    owner._timers.Enqueue((this, Generation), (owner._now + dueTime.Ticks, owner._sequence++));
                return true;
            }
        }

        public void Dispose()
        {
            lock (owner._gate)
                Generation++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire() => callback(state);
    }
}

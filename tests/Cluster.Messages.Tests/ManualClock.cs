namespace Cluster.Messages.Tests;

/// <summary>A clock that stands still until it is moved; its timers run on the thread that moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, () => callback(state), period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves on, and runs every timer once for each of its periods.</summary>
    public void Advance(TimeSpan by)
    {
        long end = GetTimestamp() + by.Ticks;
        ManualTimer[] timers;
        lock (_gate) timers = [.. _timers];
        long step = timers.Length == 0 ? by.Ticks : Math.Max(1, timers.Min(timer => timer.Period.Ticks));
        while (GetTimestamp() < end)
        {
            Interlocked.Exchange(ref _ticks, Math.Min(end, GetTimestamp() + step));
            foreach (ManualTimer timer in timers) timer.RunIfDue();
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action run, TimeSpan period) : ITimer
    {
        private long _due = clock.GetTimestamp() + period.Ticks;

        public TimeSpan Period => period;

        public void RunIfDue()
        {
            if (clock.GetTimestamp() < _due) return;
            _due = clock.GetTimestamp() + period.Ticks;
            run();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace Cluster.Actors;

/// <summary>The scheduler of a system, on the timers of its <see cref="TimeProvider"/>.</summary>
public class ActorScheduler : IScheduler, IAdvancedScheduler
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private Func<bool> _ended = static () => false;

    public ActorScheduler(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
    }

    public DateTimeOffset Now => _time.GetUtcNow();

    public TimeSpan MonotonicClock => _time.GetElapsedTime(_start);

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Arm(delay, Timeout.InfiniteTimeSpan, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Arm(initialDelay, Positive(interval), () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Arm(delay, Timeout.InfiniteTimeSpan, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Arm(initialDelay, Positive(interval), action, cancelable);

    /// <summary>From when on nothing is sent any more.</summary>
    internal void StopWhen(Func<bool> ended) => _ended = ended;

    private static TimeSpan Positive(TimeSpan interval) => interval > TimeSpan.Zero
        ? interval
        : throw new ArgumentOutOfRangeException(nameof(interval), interval, "Scheduler: wanted an interval above zero.");

    private void Arm(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true } || _ended())
            return;
        Scheduled scheduled = new(this, action, interval != Timeout.InfiniteTimeSpan, cancelable);
        if (cancelable is Cancelable own)
            own.OnCancel(scheduled.Dispose);
        scheduled.Start(_time, delay < TimeSpan.Zero ? TimeSpan.Zero : delay, interval);
    }

    private sealed class Scheduled(ActorScheduler scheduler, Action action, bool repeats, ICancelable? cancelable) : IDisposable
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;
        private bool _disposed;

        internal void Start(TimeProvider time, TimeSpan delay, TimeSpan interval)
        {
            lock (_gate)
            {
                if (!_disposed)
                    _timer = time.CreateTimer(static state => ((Scheduled)state!).Fire(), this, delay, interval);
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                _timer?.Dispose();
                _timer = null;
            }
        }

        private void Fire()
        {
            if (_disposed)
                return;
            bool over = cancelable is { IsCancellationRequested: true } || scheduler._ended();
            if (over || !repeats)
                Dispose();
            if (!over)
                action();
        }
    }
}

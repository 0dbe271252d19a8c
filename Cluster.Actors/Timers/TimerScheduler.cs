namespace Cluster.Actors;

/// <summary>An actor with timers, which its cell sets before PreStart.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>Timers of one incarnation of an actor: a cancelled, replaced or earlier life's timer never delivers.</summary>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }

    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}

/// <summary>What a timer puts into the mailbox; the cell unwraps it where it still counts.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, int generation, object message) : INoSerializationVerificationNeeded
{
    internal TimerScheduler Owner { get; } = owner;

    internal object Key { get; } = key;

    internal int Generation { get; } = generation;

    internal object Message { get; } = message;

    public override string ToString() => $"TimerMessage({Key}, {Message})";
}

internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, Timer> _timers = [];
    private int _generations;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out Timer? timer))
            timer.Cancelable.Cancel();
    }

    public void CancelAll()
    {
        foreach (Timer timer in _timers.Values)
            timer.Cancelable.Cancel();
        _timers.Clear();
    }

    /// <summary>The message of a timer that still counts; null otherwise.</summary>
    internal object? Unwrap(TimerMessage message)
    {
        bool counts = ReferenceEquals(message.Owner, this)
            && _timers.TryGetValue(message.Key, out Timer? timer)
            && timer.Generation == message.Generation;
        if (!counts)
            return null;
        if (!_timers[message.Key].Repeats)
            _timers.Remove(message.Key);
        return message.Message;
    }

    private void Start(object key, object message, TimeSpan initialDelay, TimeSpan? interval)
    {
        Cancel(key);
        int generation = ++_generations;
        Cancelable cancelable = new(cell.System.Scheduler.Advanced);
        _timers[key] = new Timer(generation, interval is not null, cancelable);
        TimerMessage wrapped = new(this, key, generation, message);
        if (interval is { } every)
            cell.System.Scheduler.ScheduleTellRepeatedly(initialDelay, every, cell.Self, wrapped, cell.Self, cancelable);
        else
            cell.System.Scheduler.ScheduleTellOnce(initialDelay, cell.Self, wrapped, cell.Self, cancelable);
    }

    private sealed record Timer(int Generation, bool Repeats, Cancelable Cancelable);
}

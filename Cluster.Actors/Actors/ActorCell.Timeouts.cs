namespace Cluster.Actors;

internal sealed partial class ActorCell
{
    private TimerScheduler? _timers;
    private TimeSpan? _receiveTimeout;
    private ITimer? _receiveTimer;
    private int _receiveTimeoutGeneration;
    private long _lastActivity;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null && _receiveTimeout is null)
            return;
        if (timeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "SetReceiveTimeout: wanted more than zero, or null to switch it off.");
        _receiveTimer?.Dispose();
        _receiveTimer = null;
        _receiveTimeoutGeneration++;
        _receiveTimeout = timeout;
        if (timeout is not { } due)
            return;
        _lastActivity = _system.TimeProvider.GetTimestamp();
        ArmReceiveTimer(due);
    }

    private void NoteActivity(object message)
    {
        if (message is not INotInfluenceReceiveTimeout and not TimerMessage { Message: INotInfluenceReceiveTimeout })
            _lastActivity = _system.TimeProvider.GetTimestamp();
    }

    private void ArmReceiveTimer(TimeSpan due)
    {
        // One timer a timeout, not one a message: when it goes off, the cell looks how long ago the last message was.
        int generation = _receiveTimeoutGeneration;
        _receiveTimer?.Dispose();
        _receiveTimer = _system.TimeProvider.CreateTimer(
            static state =>
            {
                (ActorCell cell, int generation) = ((ActorCell, int))state!;
                cell.SendSystem(new ReceiveTimeoutElapsed(generation));
            },
            (this, generation),
            due,
            Timeout.InfiniteTimeSpan);
    }

    private void CheckReceiveTimeout(int generation)
    {
        if (generation != _receiveTimeoutGeneration || _receiveTimeout is not { } timeout)
            return;
        TimeSpan idle = _system.TimeProvider.GetElapsedTime(_lastActivity);
        if (idle < timeout)
        {
            ArmReceiveTimer(timeout - idle);
            return;
        }

        Send(Actors.ReceiveTimeout.Instance, _self);
        _lastActivity = _system.TimeProvider.GetTimestamp();
        ArmReceiveTimer(timeout);
    }
}

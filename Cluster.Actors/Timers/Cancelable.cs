namespace Cluster.Actors;

/// <summary>Calls off what was scheduled with it.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly IAdvancedScheduler _scheduler;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private Action? _onCancel;
    private bool _cancelled;

    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler.Advanced) => CancelAfter(delay);

    internal Cancelable(IAdvancedScheduler scheduler) => _scheduler = scheduler;

    public bool IsCancellationRequested => Volatile.Read(ref _cancelled);

    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                _source ??= new CancellationTokenSource();
                if (_cancelled)
                    _source.Cancel();
                return _source.Token;
            }
        }
    }

    public void Cancel()
    {
        Action? actions;
        CancellationTokenSource? source;
        lock (_gate)
        {
            if (_cancelled)
                return;
            _cancelled = true;
            actions = _onCancel;
            _onCancel = null;
            source = _source;
        }

        actions?.Invoke();
        source?.Cancel();
    }

    public void CancelAfter(TimeSpan delay) => _scheduler.ScheduleOnce(delay, Cancel);

    public void Dispose() => _source?.Dispose();

    /// <summary>Has the action called when this is cancelled, or now if it is.</summary>
    internal void OnCancel(Action action)
    {
        lock (_gate)
        {
            if (!_cancelled)
            {
                _onCancel += action;
                return;
            }
        }

        action();
    }
}

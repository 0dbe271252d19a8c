namespace Cluster.Simulation.Tests.World;

/// <summary>
/// The process's thread pool, cut down to one thread that stands still but when the simulation lets it work off what has been queued. So
/// the two threads take turns, and continuations of tasks run in the same order each time.
/// </summary>
internal sealed class ParkedThreadPool : IThreadPoolWorkItem
{
    private static readonly Lock s_installing = new();
    private static ParkedThreadPool? s_only;

    private readonly object _gate = new();
    private bool _isParked;
    private bool _mayWork;

    private ParkedThreadPool()
    {
    }

    /// <summary>How often it was let work.</summary>
    public long Turns { get; private set; }

    /// <summary>Takes the process's pool over, for good.</summary>
    /// <exception cref="InvalidOperationException">The pool cannot be cut down to one thread.</exception>
    public static ParkedThreadPool Install()
    {
        lock (s_installing)
        {
            if (s_only is not null) return s_only;
            ThreadPool.SetMinThreads(1, 1);
            if (!ThreadPool.SetMaxThreads(1, 1)) throw new InvalidOperationException("thread pool: wanted one thread, got a refusal");
            s_only = new ParkedThreadPool();
            ThreadPool.UnsafeQueueUserWorkItem(s_only, preferLocal: false);
            s_only.WaitUntilParked();
            return s_only;
        }
    }

    /// <summary>Lets the pool's thread work until nothing is queued, and waits for it.</summary>
    public void WorkOff()
    {
        if (ThreadPool.PendingWorkItemCount == 0) return;
        Turns++;
        lock (_gate)
        {
            (_isParked, _mayWork) = (false, true);
            Monitor.PulseAll(_gate);
        }
        WaitUntilParked();
    }

    /// <summary>On the pool's thread: stands still if nothing else is queued, and comes back after what is.</summary>
    public void Execute()
    {
        if (ThreadPool.PendingWorkItemCount == 0) Park();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Park()
    {
        lock (_gate)
        {
            _isParked = true;
            Monitor.PulseAll(_gate);
            while (!_mayWork) Monitor.Wait(_gate);
            _mayWork = false;
        }
    }

    private void WaitUntilParked()
    {
        lock (_gate)
            while (!_isParked) Monitor.Wait(_gate);
    }
}

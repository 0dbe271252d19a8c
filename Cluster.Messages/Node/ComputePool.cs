using System.Collections.Concurrent;
using System.Diagnostics;

namespace Cluster.Messages.Node;

/// <summary>A fixed number of named background threads with one bounded queue, first come, first served.</summary>
/// <remarks>
/// Own threads, because a long computation on the runtime's shared pool would keep actors, timers and sockets waiting.
/// A result's continuations run on the shared pool, never here: an actor's next step costs no compute thread.
/// A result that is told (<see cref="Run{T}(Func{T}, Action{T})"/>) is handled on the thread that computed it, until there is more work: where
/// that is the next of a training, no other thread had to be waked for it, and what it needs is in this core's caches.
/// A thread without work waits for it itself, and looks for it a little first: through the shared pool, another would have to be woken to wake it.
/// Disposing it refuses new work, gives what was queued to its waiters as cancelled, and waits for what is running, at
/// most until the deadline; a thread that is late is abandoned (it is a background thread, and cannot hold up the exit).
/// </remarks>
public sealed class ComputePool : IComputePool, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMicroseconds(50);

    [ThreadStatic]
    private static ComputePool? s_here;

    private readonly BlockingCollection<IWork> _queue;
    private readonly Func<bool> _isWanted;
    private readonly Thread[] _threads;
    private readonly TimeSpan _deadline;
    private volatile bool _closed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many, 1 … <see cref="Wire.Limits.ComputeThreadsMax"/>.</param>
    /// <param name="name">What they are called, before a number.</param>
    /// <param name="queueMax">How many pieces of work may wait.</param>
    /// <param name="deadline">How long <see cref="Dispose"/> waits for what is running; by default 10 s.</param>
    /// <exception cref="ArgumentOutOfRangeException">Threads, queue or deadline out of range.</exception>
    public ComputePool(int threads, string name = "compute", int queueMax = Wire.Limits.ComputeQueueMax, TimeSpan? deadline = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, Wire.Limits.ComputeThreadsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(queueMax, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _deadline = deadline ?? TimeSpan.FromSeconds(10);
        ArgumentOutOfRangeException.ThrowIfLessThan(_deadline, TimeSpan.Zero, nameof(deadline));
        Name = name;
        QueueMax = queueMax;
        _queue = new BlockingCollection<IWork>(queueMax);
        _isWanted = () => _queue.Count > 0 || _closed;
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"{name}-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>What its threads are called.</summary>
    public string Name { get; }

    /// <summary>How many pieces of work may wait.</summary>
    public int QueueMax { get; }

    /// <inheritdoc/>
    public int Threads => _threads.Length;

    /// <summary>Whether the calling thread belongs to the pool.</summary>
    public bool RunsHere => s_here == this;

    /// <inheritdoc/>
    public Task<T> Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Queued(new WorkItem<T>(work));
    }

    /// <inheritdoc/>
    public Task Run<T>(Func<T> work, Action<T> tell)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(tell);
        return Queued(new ToldItem<T>(work, tell, _isWanted));
    }

    /// <summary>Refuses new work, cancels what waits, and waits for what runs, at most until the deadline.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _queue.CompleteAdding();
        while (_queue.TryTake(out IWork? waiting)) waiting.Cancel();
        long begin = Stopwatch.GetTimestamp();
        foreach (Thread thread in _threads)
        {
            TimeSpan left = _deadline - Stopwatch.GetElapsedTime(begin);
            if (thread != Thread.CurrentThread) thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private Task<T> Queued<T>(WorkItem<T> item) => TryQueue(item)
        ? item.Task
        : Task.FromException<T>(new ComputeRefusedException(Name, _closed
            ? "wanted an open pool, got one that was disposed"
            : $"wanted room in the queue, got {QueueMax} pieces of work waiting; raise the limit or send less at once"));

    private bool TryQueue(IWork item)
    {
        try
        {
            return _queue.TryAdd(item);
        }
        catch (InvalidOperationException) when (_queue.IsAddingCompleted)
        {
            return false;
        }
    }

    private void Work()
    {
        s_here = this;
        while ((TakeSoon() ?? Take()) is { } item)
        {
            if (_closed) item.Cancel();
            else item.Run();
        }
    }

    /// <summary>What is queued within the time that waking this thread would take; it stays on its processor so.</summary>
    private IWork? TakeSoon()
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Soon; Thread.Yield())
            if (_queue.Count > 0 && _queue.TryTake(out IWork? item)) return item;
        return null;
    }

    /// <summary>What is queued next; null when the pool is closed.</summary>
    private IWork? Take()
    {
        try
        {
            return _queue.Take();
        }
        catch (InvalidOperationException) when (_queue.IsCompleted)
        {
            return null;
        }
    }

    private interface IWork
    {
        void Run();
        void Cancel();
    }

    private class WorkItem<T>(Func<T> work) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IWork
    {
        public void Run()
        {
            if (Try(work, out T? result)) End(result!);
        }

        public void Cancel() => TrySetCanceled();

        protected virtual void End(T result) => TrySetResult(result);

        /// <summary>Runs a part of the work. What it throws is the work's result, and goes to its awaiter.</summary>
        protected bool Try<TPart>(Func<TPart> part, out TPart? result)
        {
            try
            {
                result = part();
                return true;
            }
#pragma warning disable CA1031 // Every exception goes to the waiter.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                TrySetException(failure);
                result = default;
                return false;
            }
        }
    }

    private sealed class ToldItem<T>(Func<T> work, Action<T> tell, Func<bool> isWanted) : WorkItem<T>(work)
    {
        // Only what telling throws is the work's: an error of an actor that is handled on this thread afterwards is none of it.
        protected override void End(T result) => ThreadLoan.Run(
            () => Try(
                () =>
                {
                    tell(result);
                    return TrySetResult(result);
                },
                out _),
            isWanted);
    }
}

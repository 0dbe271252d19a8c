using System.Collections.Concurrent;
using System.Diagnostics;

namespace Cluster.Messages.Node;

/// <summary>A fixed number of named background threads with one bounded queue, first come, first served.</summary>
/// <remarks>
/// Own threads, because a long computation on the runtime's shared pool would keep actors, timers and sockets waiting.
/// A result's continuations run on the shared pool, never here: an actor's next step costs no compute thread.
/// A thread without work waits for it itself, and spins a little first: through the shared pool, another would have to be woken to wake it.
/// Disposing it refuses new work, gives what was queued to its waiters as cancelled, and waits for what is running, at
/// most until the deadline; a thread that is late is abandoned (it is a background thread, and cannot hold up the exit).
/// </remarks>
public sealed class ComputePool : IComputePool, IDisposable
{
    private readonly BlockingCollection<IWork> _queue;
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

    /// <inheritdoc/>
    public Task<T> Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var item = new WorkItem<T>(work);
        if (TryQueue(item)) return item.Task;
        return Task.FromException<T>(new ComputeRefusedException(Name, _closed
            ? "wanted an open pool, got one that was disposed"
            : $"wanted room in the queue, got {QueueMax} pieces of work waiting; raise the limit or send less at once"));
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
        foreach (IWork item in _queue.GetConsumingEnumerable())
        {
            if (_closed) item.Cancel();
            else item.Run();
        }
    }

    private interface IWork
    {
        void Run();
        void Cancel();
    }

    private sealed class WorkItem<T>(Func<T> work) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IWork
    {
        public void Run()
        {
            try
            {
                TrySetResult(work());
            }
#pragma warning disable CA1031 // Whatever the work throws is its result, and belongs to whoever awaits it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                TrySetException(failure);
            }
        }

        public void Cancel() => TrySetCanceled();
    }
}

using System.Threading.Channels;

namespace Cluster.Messages.Node;

/// <summary>A fixed number of named background threads with one bounded queue, first come, first served.</summary>
/// <remarks>
/// Own threads, because a long computation on the runtime's shared pool would keep actors, timers and sockets waiting.
/// A result's continuations run on the shared pool, never here: an actor's next step costs no compute thread.
/// Disposing it refuses new work, gives what was queued to its waiters as cancelled, and waits for what is running, at
/// most until the deadline; a thread that is late is abandoned (it is a background thread, and cannot hold up the exit).
/// </remarks>
public sealed class ComputePool : IComputePool, IDisposable
{
    private readonly Channel<IWork> _queue;
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
        _queue = Channel.CreateBounded<IWork>(new BoundedChannelOptions(queueMax) { FullMode = BoundedChannelFullMode.Wait });
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
        if (_queue.Writer.TryWrite(item)) return item.Task;
        return Task.FromException<T>(new ComputeRefusedException(Name, _closed
            ? "wanted an open pool, got one that was disposed"
            : $"wanted room in the queue, got {QueueMax} pieces of work waiting; raise the limit or send less at once"));
    }

    /// <summary>Refuses new work, cancels what waits, and waits for what runs, at most until the deadline.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out IWork? waiting)) waiting.Cancel();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (Thread thread in _threads)
        {
            TimeSpan left = _deadline - clock.Elapsed;
            if (thread != Thread.CurrentThread) thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private void Work()
    {
        ChannelReader<IWork> reader = _queue.Reader;
        while (true)
        {
            while (reader.TryRead(out IWork? item))
            {
                if (_closed) item.Cancel();
                else item.Run();
            }
            ValueTask<bool> more = reader.WaitToReadAsync();
            if (!(more.IsCompleted ? more.Result : more.AsTask().GetAwaiter().GetResult())) return;
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

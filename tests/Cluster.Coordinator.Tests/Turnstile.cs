using Cluster.Messages.Node;

namespace Cluster.Coordinator.Tests;

/// <summary>Where all workers' pieces of work pass: open, or one at a time, so that a job stands while a test disturbs it.</summary>
internal sealed class Turnstile
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _closed;

    /// <summary>From now on a piece waits until it is let through.</summary>
    public void Close()
    {
        lock (_lock) _closed = true;
    }

    /// <summary>Lets the piece through that has waited longest, if any waits.</summary>
    public void LetOne()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out TaskCompletionSource? first)) first.SetResult();
        }
    }

    /// <summary>Lets all through, those that wait and those that will come.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _closed = false;
            while (_waiting.TryDequeue(out TaskCompletionSource? next)) next.SetResult();
        }
    }

    /// <summary>The pool behind the turnstile.</summary>
    public IComputePool Before(IComputePool pool) => new Pool(this, pool);

    private Task Pass()
    {
        lock (_lock)
        {
            if (!_closed) return Task.CompletedTask;
            TaskCompletionSource let = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(let);
            return let.Task;
        }
    }

    private sealed class Pool(Turnstile turnstile, IComputePool inner) : IComputePool
    {
        public int Threads => inner.Threads;

        public async Task<T> Run<T>(Func<T> work)
        {
            await turnstile.Pass().ConfigureAwait(false);
            return await inner.Run(work).ConfigureAwait(false);
        }
    }
}

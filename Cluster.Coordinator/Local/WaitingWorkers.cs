using Cluster.Messages.Node;

namespace Cluster.Coordinator.Local;

/// <summary>
/// The computing threads of a process's workers, as one pool. They wait while the parameter server takes a step, and so can take parts of it:
/// the caller is one of them, mostly, and the others have what they need for the next gradients in their caches afterwards.
/// </summary>
/// <param name="atOnce">How many threads of the process may compute at once.</param>
internal sealed class WaitingWorkers(int atOnce) : IComputePool
{
    private volatile ComputePool[] _pools = [];
    private volatile int _threads = 1;      // asked at every step
    private int _last;

    /// <inheritdoc/>
    public int Threads => _threads;

    /// <summary>A worker has joined. One call at a time.</summary>
    public void Add(ComputePool pool)
    {
        _pools = [.. _pools, pool];
        _threads = Math.Min(_pools.Sum(each => each.Threads), atOnce);
    }

    /// <inheritdoc/>
    public Task<T> Run<T>(Func<T> work)
    {
        ComputePool[] pools = _pools;
        for (int i = 0; i < pools.Length; i++)
        {
            ComputePool next = pools[(uint)Interlocked.Increment(ref _last) % (uint)pools.Length];
            if (next.Threads > 1 || !next.RunsHere) return next.Run(work);
        }
        return Task.FromException<T>(new ComputeRefusedException("workers", "wanted a thread beside this one, got none"));
    }
}

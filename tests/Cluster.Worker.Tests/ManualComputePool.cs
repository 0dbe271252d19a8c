using System.Collections.Concurrent;
using Cluster.Messages.Node;

namespace Cluster.Worker.Tests;

/// <summary>Runs a piece of work when the test says so, on the test's thread.</summary>
internal sealed class ManualComputePool(int threads) : IComputePool, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly BlockingCollection<Action> _waiting = [];

    /// <summary>Refuses the next pieces of work, as a full or closed pool does.</summary>
    public volatile bool Refusing;

    public int Threads => threads;

    public int Waiting => _waiting.Count;

    public Task<T> Run<T>(Func<T> work)
    {
        if (Refusing) return Task.FromException<T>(new ComputeRefusedException("manual", "wanted room, got none"));
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception reason)
            {
                result.SetException(reason);
            }
        });
        return result.Task;
    }

    /// <summary>Runs the piece that has waited longest; waits until there is one.</summary>
    public void RunNext()
    {
        if (!_waiting.TryTake(out Action? work, Deadline))
            throw new TimeoutException($"ManualComputePool.RunNext: wanted a piece of work within {Deadline}, got none.");
        work();
    }

    public void Dispose() => _waiting.Dispose();
}

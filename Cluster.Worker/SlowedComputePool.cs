using Cluster.Messages.Node;

namespace Cluster.Worker;

/// <summary>Gives back each result only after a multiple of the time that it took: a slow worker, for trials of stragglers.</summary>
/// <param name="inner">What computes.</param>
/// <param name="slowdown">How many times as long everything takes; at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class SlowedComputePool(IComputePool inner, double slowdown, TimeProvider time) : IComputePool
{
    /// <inheritdoc/>
    public int Threads => inner.Threads;

    /// <inheritdoc/>
    public async Task<T> Run<T>(Func<T> work)
    {
        (T result, TimeSpan took) = await inner.Run(() =>
        {
            long begun = time.GetTimestamp();
            return (work(), time.GetElapsedTime(begun));
        }).ConfigureAwait(false);
        await Task.Delay(took * (slowdown - 1), time).ConfigureAwait(false);
        return result;
    }

    /// <inheritdoc/>
    public async Task Run<T>(Func<T> work, Action<T> tell) => tell(await Run(work).ConfigureAwait(false));
}

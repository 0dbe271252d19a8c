namespace Cluster.Messages.Node;

/// <summary>
/// Where long computations run, so that no actor blocks: <c>Compute.Run(work).PipeTo(Self)</c>. Given to the actors,
/// never reached for, so that a simulation can run everything on one thread.
/// </summary>
public interface IComputePool
{
    /// <summary>How many pieces of work run at once.</summary>
    int Threads { get; }

    /// <summary>Runs the work on one of the pool's threads.</summary>
    /// <param name="work">A pure computation; it must not wait for another piece of work of the same pool.</param>
    /// <returns>
    /// Its result, or its exception as it was thrown. Faulted with <see cref="ComputeRefusedException"/> when the queue is
    /// full or the pool is closed. Never blocks the caller.
    /// </returns>
    Task<T> Run<T>(Func<T> work);

    /// <summary>Runs the work on one of the pool's threads, and tells its result there.</summary>
    /// <param name="work">As above; what it throws, the task has, and nothing is told.</param>
    /// <param name="tell">
    /// Tells somebody the result, and must be short. Actors that are told so may handle it on the pool's thread, until that has other work.
    /// </param>
    /// <returns>Done when the result is told; faulted as above.</returns>
    Task Run<T>(Func<T> work, Action<T> tell) => Run(() =>
    {
        tell(work());
        return true;
    });
}

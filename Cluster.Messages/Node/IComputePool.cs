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
}

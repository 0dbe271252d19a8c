namespace Cluster.Ml.Tests.Numerics;

/// <summary>Counts what a piece of work allocates every time.</summary>
internal static class Allocations
{
    /// <summary>
    /// The fewest bytes that any of some runs allocated: tests beside this one share the pool of buffers, and may make one run pay for its
    /// growth; the runtime may make another pay for code that it compiles anew.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="inARow">How often a run does it, where not every time is alike.</param>
    public static long Least(Action work, int inARow = 1) => Enumerable.Range(0, 20).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < inARow; i++) work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}

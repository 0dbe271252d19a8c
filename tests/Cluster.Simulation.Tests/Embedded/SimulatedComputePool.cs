using Cluster.Actors.Simulation;
using Cluster.Messages.Node;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>
/// Threads of a simulated node: each piece of work takes a while of virtual time, and dies with the node. Pieces that run
/// side by side may end in another order than they began.
/// </summary>
internal sealed class SimulatedComputePool(SimulatedNode node, int threads, double slowdown = 1) : IComputePool
{
    private static readonly TimeSpan ShortestWork = TimeSpan.FromMilliseconds(0.5);
    private static readonly TimeSpan LongestWork = TimeSpan.FromMilliseconds(40);

    // Of the life in which the pool was made: work that was begun before a crash never ends.
    private readonly TimeProvider _clock = node.TimeProvider;

    public int Threads => threads;

    public Task<T> Run<T>(Func<T> work)
    {
        TaskCompletionSource<T> result = new();   // continues on the simulation's one thread, at once
        _clock.CreateTimer(
            _ =>
            {
                try
                {
                    result.SetResult(work());
                }
                catch (Exception fault)
                {
                    result.SetException(fault);
                }
            },
            null, node.Cluster.Chance.Next(ShortestWork, LongestWork) * slowdown, Timeout.InfiniteTimeSpan);
        return result.Task;
    }
}

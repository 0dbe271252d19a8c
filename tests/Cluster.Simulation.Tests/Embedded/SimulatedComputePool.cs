using Cluster.Actors.Simulation;
using Cluster.Messages.Node;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>
/// Threads of a simulated node: each piece of work takes a while of virtual time, and dies with the node. Pieces that run
/// side by side may end in another order than they began.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="threads">How many it says it has.</param>
/// <param name="slowdown">How many times longer each piece takes.</param>
/// <param name="delay">How much longer it takes besides, as when it waits for a database; null for no longer.</param>
internal sealed class SimulatedComputePool(SimulatedNode node, int threads, double slowdown = 1, Func<TimeSpan>? delay = null) : IComputePool
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
            null, (node.Cluster.Chance.Next(ShortestWork, LongestWork) * slowdown) + (delay?.Invoke() ?? TimeSpan.Zero), Timeout.InfiniteTimeSpan);
        return result.Task;
    }
}

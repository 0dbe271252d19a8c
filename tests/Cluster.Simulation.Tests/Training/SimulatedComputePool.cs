using Cluster.Messages.Node;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Training;

/// <summary>
/// Threads of a simulated node: each piece of work takes a while of virtual time, and dies with the node. Pieces that run
/// side by side may end in another order than they began.
/// </summary>
/// <param name="life">Of the node: work that was begun before a crash never ends.</param>
/// <param name="threads">How many it says it has.</param>
/// <param name="slowdown">How many times longer each piece takes.</param>
/// <param name="delay">How much longer it takes besides, as when it waits for a database; null for no longer.</param>
internal sealed class SimulatedComputePool(NodeLife life, int threads, double slowdown = 1, Func<TimeSpan>? delay = null) : IComputePool
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(0.5), s_longest = TimeSpan.FromMilliseconds(40);

    public int Threads => threads;

    public Task<T> Run<T>(Func<T> work)
    {
        TaskCompletionSource<T> result = new();   // continues on the simulation's thread, at once
        TimeSpan takes = (life.Node.World.Random.Next(s_shortest, s_longest) * slowdown) + (delay?.Invoke() ?? TimeSpan.Zero);
        life.Node.World.After(takes, life, () =>
        {
            try
            {
                result.SetResult(work());
            }
#pragma warning disable CA1031 // Whatever the work throws is told to whoever wanted it done.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                result.SetException(failure);
            }
        });
        return result.Task;
    }
}

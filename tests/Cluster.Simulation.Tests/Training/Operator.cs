using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Training;

/// <summary>
/// What looks after the machines: a supervisor starts a node again that has left the cluster by itself, and an operator starts those again that
/// have been a cluster of their own for a while, beside the larger one.
/// </summary>
/// <remarks>
/// The second is for what neither Akka.NET nor <c>SplitWatchActor</c> heals in time: a node that was paused as it joined, or while others joined,
/// may found, or hold out as, a cluster without them.
/// </remarks>
internal sealed class Operator(SimulatedWorld world)
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500), s_patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<NodeLife, TimeSpan> _apartSince = [];

    /// <summary>How many nodes were started again because they were apart.</summary>
    public int Rescues { get; private set; }

    /// <summary>Looks from now on.</summary>
    public void Start() => world.After(s_period, Look);

    private void Look()
    {
        (SimulatedNode Node, string View)[] views = [.. world.Nodes.Where(node => node.IsRunning && node.Life.Held is null).Select(node => (node, ViewOf(node))).Where(view => view.Item2.Length > 0)];
        string largest = views.GroupBy(view => view.View).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).FirstOrDefault()?.Key ?? "";
        foreach ((SimulatedNode node, string view) in views)
        {
            if (view == largest) _apartSince.Remove(node.Life);
            else if (_apartSince.TryAdd(node.Life, world.Elapsed) || world.Elapsed - _apartSince[node.Life] < s_patience) continue;
            else
            {
                world.Trace.Write(world.Elapsed, $"{node.Name}: apart, sees {view}, not {largest}");
                Rescues++;
                Restart(node);
            }
        }
        foreach (SimulatedNode node in world.Nodes)
            if (node.IsRunning && ActorCluster.Get(node.System).IsTerminated) Restart(node);
        world.After(s_period, Look);
    }

    private void Restart(SimulatedNode node)
    {
        world.Crash(node);
        node.Start();
    }

    /// <summary>The lives that a node sees as members; empty if it is not one itself.</summary>
    private static string ViewOf(SimulatedNode node)
    {
        ActorCluster cluster = ActorCluster.Get(node.System);
        return cluster.IsTerminated ? "" : string.Join(' ', cluster.State.Members.Select(member => $"{member.UniqueAddress.Address.Host}#{member.UniqueAddress.Uid}"));
    }
}

using Cluster.Actors.Persistence.Storage;
using Cluster.Actors.Simulation;

namespace Cluster.Actors.Tests.Embedded;

/// <summary>
/// A simulated cluster whose nodes are members, each with a host that starts it again when its system has ended. The first two
/// nodes are the seeds.
/// </summary>
internal sealed class SimulatedMembers
{
    private static readonly TimeSpan s_hostInterval = TimeSpan.FromMilliseconds(250);

    private const int LonelyMax = 40;

    private readonly Action<ActorSystem, Census> _onStart;
    private readonly Func<int, string[]> _roles;
    private int _lonely;

    public SimulatedMembers(int seed, int nodes, SimulatedFaults faults, Action<ActorSystem, Census>? onStart = null, Func<int, string[]>? roles = null)
    {
        _onStart = onStart ?? ((_, _) => { });
        _roles = roles ?? (_ => ["worker"]);
        Cluster = new SimulatedCluster(seed, faults);
        for (int index = 0; index < nodes; index++) Cluster.AddNode("n" + index, Start);
        Cluster.Schedule(s_hostInterval, Host);
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>
    /// Whether a seed that was started again may found a cluster, as it would behind a partition; otherwise it looks for the
    /// others until it finds them.
    /// </summary>
    public bool FoundAgain { get; init; }

    /// <summary>Who runs what, over all nodes.</summary>
    public Census Census { get; } = new();

    public IEnumerable<SimulatedNode> Running => Cluster.Nodes.Where(node => node.IsRunning);

    /// <summary>Whether all nodes run and see the same members, all of them up and within reach.</summary>
    public bool AllUp => Cluster.Nodes.All(node => node.IsRunning && SeesOnly(node, Cluster.Nodes));

    public bool SeesOnly(SimulatedNode node, IEnumerable<SimulatedNode> others)
    {
        ClusterEvent.CurrentClusterState state = ActorCluster.Get(node.System).State;
        return state.Unreachable.IsEmpty && state.Members.All(member => member.Status == MemberStatus.Up)
            && state.Members.Select(member => member.UniqueAddress).Order()
                .SequenceEqual(others.Select(other => ActorCluster.Get(other.System).SelfUniqueAddress).Order());
    }

    /// <summary>The power is cut: nothing of the node's memory is left.</summary>
    public void Crash(SimulatedNode node)
    {
        Cluster.Crash(node);
        Census.NodeLost(node.Name);
    }

    public void ShouldBeUpWithin(TimeSpan limit)
    {
        if (Cluster.RunUntil(() => AllUp, limit)) return;
        IEnumerable<string> views = Cluster.Nodes.Select(node => node.Name + (node.IsRunning ? " sees " : " (down) saw ")
            + string.Join("; ", ActorCluster.Get(node.System).State.Members) + " without "
            + string.Join(", ", ActorCluster.Get(node.System).State.Unreachable.Select(member => member.Address)));
        throw new TimeoutException($"seed {Cluster.Seed}: not all up after {Cluster.Elapsed}:\n" + string.Join("\n", views));
    }

    private ActorSystem Start(SimulatedNode node)
    {
        ClusterSettings settings = new()
        {
            Roles = [.. _roles(Cluster.Nodes.Count == 0 ? 0 : int.Parse(node.Name[1..]))],
            AcceptablePause = TimeSpan.FromSeconds(3),
            FoundingPatience = TimeSpan.FromSeconds(1.5),
        };
        MemoryPersistence disk = Cluster.Durable("journal", () => new MemoryPersistence());
        ActorSystem system = ActorSystem.Create("sim", node.Setup.With(settings)
            .With(new PersistenceSetup(disk.Open(node.TimeProvider, () => Cluster.Chance.Next(TimeSpan.Zero, TimeSpan.FromMilliseconds(5))))));
        ActorCluster cluster = ActorCluster.Get(system);
        bool first = node.Durable("lives", () => new Lives()).Count++ == 0;
        if (first || FoundAgain) cluster.JoinSeedNodes([At(cluster, "n0"), At(cluster, "n1")]);
        else cluster.JoinSeedNodes(Cluster.Nodes.Where(other => other != node).Select(other => At(cluster, other.Name)));
        _onStart(system, Census);
        return system;
    }

    private static Address At(ActorCluster cluster, string host) => new(cluster.SelfAddress.Protocol, cluster.SelfAddress.System, host, 1);

    private sealed class Lives
    {
        public int Count { get; set; }
    }

    /// <summary>Starts again what has ended by itself.</summary>
    private void Host()
    {
        foreach (SimulatedNode node in Running.Where(node => node.System.WhenTerminated.IsCompleted).ToArray())
        {
            Crash(node);
            Cluster.Restart(node);
        }

        // Too many were lost at once for any side to go on: the operator has the first node begin anew.
        bool nobodyLeft = Cluster.Nodes.All(node => node.IsRunning && ActorCluster.Get(node.System) is { IsTerminated: false, SelfMember.Status: MemberStatus.Removed });
        _lonely = nobodyLeft ? _lonely + 1 : 0;
        if (_lonely > LonelyMax)
        {
            _lonely = 0;
            SimulatedNode first = Cluster.Nodes[0];
            first.Run(() => ActorCluster.Get(first.System).Join(ActorCluster.Get(first.System).SelfAddress));
        }

        Cluster.Schedule(s_hostInterval, Host);
    }
}

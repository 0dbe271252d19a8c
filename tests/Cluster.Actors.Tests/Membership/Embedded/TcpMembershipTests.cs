using System.Collections.Concurrent;
using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Membership.Embedded;

/// <summary>Nodes behind real sockets that are killed, paused and started anew; and many of them.</summary>
[Collection(RealTime.Name)]
public sealed class TcpMembershipTests
{
    private const int ManyNodes = 64;

    [Fact]
    public async Task A_seed_that_was_killed_rejoins_at_its_address_the_cluster_that_it_founded()
    {
        PausableDispatcher threads = new();
        await using InProcessCluster cluster = new() { OverTcp = true, Adjust = Patient, AdjustSetup = Once(setup => setup with { Dispatcher = threads }) };
        ActorSystem seed = await cluster.StartNode("seed");
        ActorSystem second = await cluster.StartNode("worker");
        await cluster.StartNode("worker");
        foreach (ActorSystem node in cluster.Nodes) await InProcessCluster.SeesUp(node, 3);
        Address address = ActorCluster.Get(seed).SelfAddress;

        cluster.Kill(seed, threads);
        ActorSystem again = cluster.CreateNodeAt(address, "seed");
        ActorCluster.Get(again).JoinSeedNodes([address]);
        await InProcessCluster.Up(again);

        foreach (ActorSystem node in cluster.Nodes) await InProcessCluster.SeesUp(node, 3);
        ActorCluster.Get(second).SelfMember.IsOlderThan(ActorCluster.Get(again).SelfMember).ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_was_paused_and_removed_ends_when_it_wakes_and_says_why()
    {
        PausableDispatcher threads = new();
        ConcurrentQueue<string> said = new();
        await using InProcessCluster cluster = new()
        {
            OverTcp = true,
            AdjustSetup = Once(setup => setup with { Dispatcher = threads, LogWriter = line => said.Enqueue($"{line.Message}") }),
        };
        ActorSystem paused = await cluster.StartNode("worker");
        ActorSystem second = await cluster.StartNode("worker");
        ActorSystem third = await cluster.StartNode("worker");
        foreach (ActorSystem node in cluster.Nodes) await InProcessCluster.SeesUp(node, 3);

        threads.Pause();
        await InProcessCluster.SeesUp(second, 2);
        await InProcessCluster.SeesUp(third, 2);
        threads.Resume();

        await paused.WhenTerminated.WaitAsync(InProcessCluster.Deadline);
        said.ShouldContain(line => line.Contains("others have declared it lost", StringComparison.Ordinal));
        await InProcessCluster.SeesUp(second, 2);
    }

    [Fact]
    public async Task A_seed_outlives_most_of_its_workers_at_once_where_only_seeds_count()
    {
        PausableDispatcher threads = new();
        int made = 0;
        await using InProcessCluster cluster = new()
        {
            OverTcp = true,
            Adjust = settings => settings with { Downing = settings.Downing with { Role = "seed" } },
            AdjustSetup = setup => made++ is 1 or 2 or 3 ? setup with { Dispatcher = threads } : setup,
        };
        ActorSystem seed = await cluster.StartNode("seed");
        ActorSystem[] lost = [await cluster.StartNode("worker"), await cluster.StartNode("worker"), await cluster.StartNode("worker")];
        ActorSystem left = await cluster.StartNode("worker");
        foreach (ActorSystem node in cluster.Nodes) await InProcessCluster.SeesUp(node, 5);

        foreach (ActorSystem node in lost) cluster.Kill(node, threads);

        await InProcessCluster.SeesUp(seed, 2);
        await InProcessCluster.SeesUp(left, 2);
        ActorCluster.Get(seed).IsUp.ShouldBeTrue();
    }

    [Fact]
    public async Task Sixty_four_nodes_come_to_see_each_other()
    {
        await using InProcessCluster cluster = new() { OverTcp = true, Adjust = Calm };
        ActorSystem seed = await cluster.StartNode("seed");
        Address address = ActorCluster.Get(seed).SelfAddress;

        for (int i = 1; i < ManyNodes; i++) ActorCluster.Get(cluster.CreateNode(i, "worker")).JoinSeedNodes([address]);

        foreach (ActorSystem node in cluster.Nodes) await InProcessCluster.SeesUp(node, ManyNodes, 4 * InProcessCluster.Deadline);
    }

    /// <summary>
    /// As a node of its own process has it: a seed that was restarted listens for its cluster before it founds another, here for as
    /// long as the others try to reach the one that was killed.
    /// </summary>
    private static ClusterSettings Patient(ClusterSettings settings) => settings with { FoundingPatience = settings.AcceptablePause };

    /// <summary>So many nodes on two cores are starved now and then: none is given up for that.</summary>
    private static ClusterSettings Calm(ClusterSettings settings) =>
        settings with
        {
            HeartbeatInterval = TimeSpan.FromSeconds(2),
            AcceptablePause = TimeSpan.FromSeconds(30),
            Downing = settings.Downing with { StableAfter = 10 * InProcessCluster.Deadline },
        };

    private static Func<EmbeddedSetup, EmbeddedSetup> Once(Func<EmbeddedSetup, EmbeddedSetup> adjust)
    {
        int made = 0;
        return setup => made++ == 0 ? adjust(setup) : setup;
    }
}

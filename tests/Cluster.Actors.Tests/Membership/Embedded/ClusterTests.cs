using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Membership.Embedded;

/// <summary>Nodes that join, leave and are lost, each on its own actor system.</summary>
[Collection(RealTime.Name)]
public sealed class ClusterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_node_founds_a_cluster_and_is_its_leader(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };

        ActorSystem first = await cluster.StartNode("seed");

        ActorCluster.Get(first).SelfMember.Status.ShouldBe(MemberStatus.Up);
        ActorCluster.Get(first).SelfMember.HasRole("seed").ShouldBeTrue();
        ActorCluster.Get(first).State.Leader.ShouldBe(ActorCluster.Get(first).SelfAddress);
    }

    [Fact]
    public async Task All_nodes_come_to_see_the_same_members_leader_and_ages()
    {
        await using InProcessCluster cluster = new();
        ActorSystem first = await cluster.StartNode("seed");
        ActorSystem second = await cluster.StartNode("worker");
        ActorSystem third = await cluster.StartNode("worker");

        foreach (ActorSystem node in cluster.Nodes) await InProcessCluster.SeesUp(node, 3);

        ActorCluster.Get(third).State.Leader.ShouldBe(ActorCluster.Get(first).SelfAddress);
        ActorCluster.Get(third).State.RoleLeader("worker").ShouldBe(ActorCluster.Get(second).SelfAddress);
        ActorCluster.Get(second).SelfMember.IsOlderThan(ActorCluster.Get(third).SelfMember).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_leaves_is_removed_and_its_system_ends(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        ActorSystem first = await cluster.StartNode();
        ActorSystem second = await cluster.StartNode();

        ActorCluster.Get(first).Leave(ActorCluster.Get(second).SelfAddress);

        await second.WhenTerminated.WaitAsync(InProcessCluster.Deadline);
        await InProcessCluster.SeesUp(first, 1);
        ActorCluster.Get(second).IsTerminated.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_terminated_system_leaves_first(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        ActorSystem first = await cluster.StartNode();
        ActorSystem second = await cluster.StartNode();

        await second.Terminate().WaitAsync(InProcessCluster.Deadline);

        await InProcessCluster.SeesUp(first, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_was_downed_shuts_itself_down_and_can_come_back_with_a_new_uid(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        ActorSystem first = await cluster.StartNode();
        ActorSystem second = cluster.CreateNode(2000);
        ActorCluster.Get(second).JoinSeedNodes([ActorCluster.Get(first).SelfAddress]);
        await InProcessCluster.Up(second);

        ActorCluster.Get(first).Down(ActorCluster.Get(second).SelfAddress);
        await second.WhenTerminated.WaitAsync(InProcessCluster.Deadline);
        await InProcessCluster.SeesUp(first, 1);

        ActorSystem again = cluster.CreateNode(2000);
        ActorCluster.Get(again).JoinSeedNodes([ActorCluster.Get(first).SelfAddress]);
        await InProcessCluster.Up(again);
        await InProcessCluster.SeesUp(first, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callbacks_run_once_when_the_node_comes_up_and_when_it_is_removed(bool overTcp)
    {
        await using InProcessCluster cluster = new() { OverTcp = overTcp };
        ActorSystem first = await cluster.StartNode();
        ActorSystem second = await cluster.StartNode();
        int removed = 0;
        ActorCluster.Get(second).RegisterOnMemberRemoved(() => Interlocked.Increment(ref removed));

        await second.Terminate().WaitAsync(InProcessCluster.Deadline);

        removed.ShouldBe(1);
        await InProcessCluster.SeesUp(first, 1);
    }
}

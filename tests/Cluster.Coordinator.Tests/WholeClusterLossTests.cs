namespace Cluster.Coordinator.Tests;

/// <summary>What tests of whole clusters mean by a kill and by a leave: how the others come to know of it.</summary>
public sealed class WholeClusterLossTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_worker_that_is_killed_is_missed_and_then_declared_dead()
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        using ActorTestKit seed = Watching(cluster);

        cluster.KillWorker();

        seed.ExpectMsg<ClusterEvent.UnreachableMember>(s_deadline);
        seed.ExpectMsg<ClusterEvent.MemberRemoved>(s_deadline).PreviousStatus.ShouldBe(MemberStatus.Down);
    }

    [Fact]
    public async Task A_worker_that_leaves_says_so()
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        using ActorTestKit seed = Watching(cluster);

        await cluster.LeaveWorker();

        seed.ExpectMsg<ClusterEvent.MemberRemoved>(s_deadline).PreviousStatus.ShouldBe(MemberStatus.Exiting);
    }

    private static ActorTestKit Watching(WholeCluster cluster)
    {
        ActorTestKit seed = new(cluster.Seed);
        ActorCluster.Get(cluster.Seed).Subscribe(
            seed.TestActor, typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.UnreachableMember));
        seed.ExpectMsg<ClusterEvent.CurrentClusterState>(s_deadline);
        return seed;
    }
}

using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Node;

/// <summary>Two clusters whose nodes should be in one, behind real sockets.</summary>
public sealed class SplitWatchActorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60), Interval = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    public void The_smaller_cluster_gives_way(int members, int others, bool givesWay) =>
        new ClusterSighted("a", members, false).GivesWayTo(new ClusterSighted("b", others, false)).ShouldBe(givesWay);

    [Fact]
    public void Of_equal_clusters_one_gives_way_and_no_cluster_does_to_itself()
    {
        ClusterSighted one = new("a", 3, false), other = new("b", 3, true);

        other.GivesWayTo(one).ShouldBeTrue();
        one.GivesWayTo(other).ShouldBeFalse();
        one.GivesWayTo(one with { Members = 9 }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_node_that_is_apart_ends_whoever_asks_and_the_others_stay(bool theOneAsks)
    {
        await using ClusterNode first = Start(new NodeOptions { Roles = [NodeRoles.Seed] });
        await using ClusterNode second = Start(new NodeOptions { Roles = [NodeRoles.Worker], Seeds = [first.Address] });
        await using ClusterNode apart = Start(new NodeOptions { Roles = [NodeRoles.Seed] });
        await Task.WhenAll(first.WaitUntilUp(Deadline), second.WaitUntilUp(Deadline), apart.WaitUntilUp(Deadline));

        Watch(first, theOneAsks ? first : apart);
        Watch(apart, theOneAsks ? first : apart);

        await apart.System.WhenTerminated.WaitAsync(Deadline);
        first.System.WhenTerminated.IsCompleted.ShouldBeFalse();
        second.System.WhenTerminated.IsCompleted.ShouldBeFalse();
    }

    private static void Watch(ClusterNode node, ClusterNode seed) =>
        node.System.ActorOf(SplitWatchActor.PropsOf([seed.Address], [], Interval), SplitWatchActor.Name);

    private static ClusterNode Start(NodeOptions options) => ClusterNode.Start(options with { ComputeThreads = 1 }, MessageCodecs.ForMessages(), NodeEnvironment.Tcp(options));
}

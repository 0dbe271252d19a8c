using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

public sealed class ShardHostsTests
{
    private readonly ShardHosts _hosts = new(shardCount: 4);

    [Fact]
    public void What_a_worker_says_replaces_what_it_said_before()
    {
        Announce("a", 0, 1);
        Announce("a", 3, 1, 1, 9, -1).Shards.ShouldBe([1, 3]);

        _hosts.All.ShouldHaveSingleItem().Shards.ShouldBe([1, 3]);
        _hosts.IsHosted(0).ShouldBeFalse();
        _hosts.IsHosted(3).ShouldBeTrue();
        _hosts.Unhosted.ShouldBe([0, 2]);
    }

    [Fact]
    public void They_stand_by_name_in_whatever_order_they_came()
    {
        Announce("c", 0);
        Announce("a", 1);
        Announce("b", 2);
        Announce("c", 0, 3);

        _hosts.All.Select(host => host.Id.Value).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void A_worker_without_shards_is_no_host()
    {
        Announce("a");
        Announce("b", 2);
        Announce("b");

        _hosts.All.ShouldBeEmpty();
        _hosts.Lose(new WorkerId("b")).ShouldBeNull();
    }

    [Fact]
    public void A_worker_that_is_gone_leaves_what_it_held()
    {
        Announce("a", 0, 2);

        _hosts.Lose(new WorkerId("a"))!.Shards.ShouldBe([0, 2]);

        _hosts.Find(new WorkerId("a")).ShouldBeNull();
    }

    private ShardHost Announce(string name, params int[] shards) => _hosts.Announce(new ShardHost(new WorkerId(name), "node", [.. shards]));
}

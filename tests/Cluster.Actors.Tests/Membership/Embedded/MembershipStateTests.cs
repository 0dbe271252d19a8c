using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Tests.Membership.Embedded;

/// <summary>The membership's decisions, without actors: nodes are states that hear each other by merging.</summary>
public sealed class MembershipStateTests
{
    private static readonly UniqueAddress s_one = Node(1);
    private static readonly UniqueAddress s_two = Node(2);
    private static readonly UniqueAddress s_three = Node(3);

    [Fact]
    public void A_founder_is_up_and_leads()
    {
        MembershipState state = Founded(s_two);

        state.SelfRow!.Status.ShouldBe(RowStatus.Up);
        state.SelfRow.UpNumber.ShouldBe(1);
        state.Leader.ShouldBe(s_two);
    }

    [Fact]
    public void A_joining_node_comes_up_once_all_who_vote_have_seen_it()
    {
        MembershipState one = Founded(s_one);
        one = one.Join(s_two, []).Settle();
        one.Members[s_two]!.Status.ShouldBe(RowStatus.Up);

        MembershipState waiting = one.Join(s_three, []).Settle();
        waiting.Members[s_three]!.Status.ShouldBe(RowStatus.Joining);

        MembershipState two = new MembershipState(s_two, waiting.Gossip).Settle();
        waiting.Merge(two.Gossip).Settle().Members[s_three]!.Status.ShouldBe(RowStatus.Up);
    }

    [Fact]
    public void A_member_that_is_numbered_anew_is_told_of_again_for_another_may_be_the_oldest_now()
    {
        MembershipState before = Agreed(s_one, s_two)[0];
        MembershipState mine = before.Merge(before.Gossip.With(before.Members.With(MemberRow.Joining(s_three, []).At(RowStatus.Up) with { UpNumber = 9 })));

        MembershipState settled = mine.Merge(mine.Gossip.With(mine.Members.With(mine.Members[s_three]! with { UpNumber = 3 })));

        ClusterEvents.Between(mine, settled).OfType<ClusterEvent.MemberUp>().ShouldHaveSingleItem().Member.UniqueAddress.ShouldBe(s_three);
        ClusterEvents.Between(settled, settled).ShouldBeEmpty();
    }

    [Fact]
    public void The_leader_is_the_lowest_address_within_reach()
    {
        MembershipState three = Agreed(s_three, s_two, s_one)[0];
        three.Leader.ShouldBe(s_one);

        three.Accuse(s_one).Settle().Leader.ShouldBe(s_two);
    }

    [Fact]
    public void A_silent_member_holds_up_changes_until_it_is_heard_or_declared_lost()
    {
        MembershipState one = Agreed(s_one, s_two)[0].Accuse(s_two).Settle();

        MembershipState waiting = one.Join(s_three, []).Settle();
        waiting.Converged.ShouldBeFalse();
        waiting.Members[s_three]!.Status.ShouldBe(RowStatus.Joining);

        MembershipState decided = waiting.Down(s_two.Address).Settle();
        decided.Members[s_two]!.Status.ShouldBe(RowStatus.Down);
        decided.Members[s_three]!.Status.ShouldBe(RowStatus.Up);
    }

    [Fact]
    public void A_member_that_was_declared_lost_is_removed_once_it_must_have_ended()
    {
        MembershipState lost = Agreed(s_one, s_two)[0].Accuse(s_two).Down(s_two.Address).Settle();
        lost.Members[s_two]!.Status.ShouldBe(RowStatus.Down);

        lost.Knowing([s_two]).Settle().Members[s_two]!.Status.ShouldBe(RowStatus.Removed);
    }

    [Fact]
    public void A_leaving_member_is_removed_only_after_it_says_that_it_has_handed_over()
    {
        MembershipState[] nodes = Agreed(s_one, s_two);
        nodes[0] = nodes[0].Leave(s_two.Address);
        nodes = Exchange(nodes);
        nodes[0].Members[s_two]!.Status.ShouldBe(RowStatus.Exiting);

        nodes[1] = nodes[1].ConfirmExit();
        nodes = Exchange(nodes);

        nodes[0].Members[s_two]!.Status.ShouldBe(RowStatus.Removed);
        nodes[1].IsOut.ShouldBeTrue();
    }

    [Fact]
    public void A_node_that_comes_back_ends_its_former_life()
    {
        MembershipState one = Agreed(s_one, s_two)[0];
        UniqueAddress again = new(s_two.Address, 77);

        MembershipState next = one.Join(again, []).Settle();

        next.Members[s_two]!.Status.ShouldBe(RowStatus.Removed);
        next.Members[again]!.Status.ShouldBe(RowStatus.Up);
        next.Members[again]!.UpNumber.ShouldBeGreaterThan(next.Members[s_one]!.UpNumber);
    }

    [Fact]
    public void Late_gossip_cannot_raise_the_dead()
    {
        MembershipState one = Agreed(s_one, s_two)[0];
        Gossip old = one.Gossip;
        MembershipState removed = one.Down(s_two.Address).Accuse(s_two).Knowing([s_two]).Settle();
        removed.Members[s_two]!.Status.ShouldBe(RowStatus.Removed);

        removed.Merge(old).Settle().Members[s_two]!.Status.ShouldBe(RowStatus.Removed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Tables_merge_to_the_same_whatever_the_order_and_however_often(int seed)
    {
        Simulation.SimulatedChance chance = new((ulong)seed);
        MemberTable[] tables = [.. Enumerable.Range(0, 8).Select(_ => RandomTable(chance))];
        ulong expected = tables.Aggregate((left, right) => left.Merge(right)).Digest;

        for (int round = 0; round < 20; round++)
        {
            MemberTable[] shuffled = [.. tables.Concat(tables).OrderBy(_ => chance.NextUInt64())];
            shuffled.Aggregate((left, right) => left.Merge(right)).Digest.ShouldBe(expected);
        }
    }

    private static MemberTable RandomTable(Simulation.SimulatedChance chance) => MemberTable.Of(Enumerable.Range(0, chance.Next(6)).Select(_ =>
        new MemberRow(Node(1 + chance.Next(5)), ["worker"], (RowStatus)chance.Next(7), 1 + chance.Next(9))));

    private static UniqueAddress Node(int number) => new(new Address("akka", "test", "node" + number, 1), number);

    private static MembershipState Founded(UniqueAddress self) => MembershipState.Found(self, []).Settle();

    /// <summary>The first founds, the others join; all have told each other everything.</summary>
    private static MembershipState[] Agreed(params UniqueAddress[] nodes)
    {
        MembershipState founder = Founded(nodes[0]);
        foreach (UniqueAddress node in nodes[1..]) founder = founder.Join(node, []);
        return Exchange([founder, .. nodes[1..].Select(node => new MembershipState(node, founder.Gossip))]);
    }

    private static MembershipState[] Exchange(MembershipState[] nodes)
    {
        for (int round = 0; round < 10; round++)
            nodes = [.. nodes.Select(node => nodes.Aggregate(node, (state, other) => state.Merge(other.Gossip)).Settle())];
        return nodes;
    }
}

using System.Collections.Immutable;
using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Tests.Membership.Embedded;

/// <summary>Who is declared lost, and when.</summary>
public sealed class SplitBrainResolverTests
{
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DowningSettings s_settings = new() { StableAfter = TimeSpan.FromSeconds(3), RemovalMargin = TimeSpan.FromSeconds(1) };

    [Fact]
    public void Nobody_is_lost_while_all_are_heard() =>
        Verdict(Cluster(1, 5), self: 1, silent: [], after: 100).ShouldBeEmpty();

    [Fact]
    public void The_majority_declares_the_minority_lost_after_the_margin()
    {
        Verdict(Cluster(1, 5), self: 1, silent: [4, 5], after: 3.5).ShouldBeEmpty();
        Verdict(Cluster(1, 5), self: 1, silent: [4, 5], after: 4).ShouldBe([Node(4), Node(5)]);
    }

    [Fact]
    public void Only_the_leader_of_the_majority_decides() =>
        Verdict(Cluster(1, 5), self: 2, silent: [4, 5], after: 100).ShouldBeEmpty();

    [Fact]
    public void The_minority_ends_before_the_majority_declares_it_lost() =>
        Verdict(Cluster(1, 5), self: 4, silent: [1, 2, 3], after: 3).ShouldBe([Node(4), Node(5)]);

    [Fact]
    public void Of_two_equal_sides_the_one_with_the_oldest_stays()
    {
        Verdict(Cluster(2, 4), self: 3, silent: [1, 2], after: 3).ShouldBe([Node(3), Node(4)]);
        Verdict(Cluster(3, 4), self: 1, silent: [3, 4], after: 3).ShouldBe([Node(1), Node(2)]);
    }

    [Fact]
    public void Who_was_declared_lost_counts_for_the_other_side_until_it_is_removed()
    {
        // 1 and 2 have declared 3 lost; then 4 and 5 are cut off with 3 and have not heard of it.
        MembershipState[] nodes = Cluster(1, 5);
        MembershipState torn = Torn(nodes, 1, [3, 4, 5]).Down([Node(3)]);

        SplitBrainResolver resolver = SplitBrainResolver.Start(s_settings);
        (resolver, _) = resolver.Observe(torn, s_start);

        resolver.Observe(torn, s_start.AddSeconds(3)).Lost.ShouldBe([Node(1), Node(2)]);
    }

    [Fact]
    public void A_change_of_view_starts_the_wait_anew()
    {
        SplitBrainResolver resolver = SplitBrainResolver.Start(s_settings);
        MembershipState[] nodes = Cluster(1, 5);
        (resolver, _) = resolver.Observe(Torn(nodes, 1, [5]), s_start);
        (resolver, _) = resolver.Observe(Torn(nodes, 1, [4, 5]), s_start.AddSeconds(3.9));

        (resolver, ImmutableArray<UniqueAddress> early) = resolver.Observe(Torn(nodes, 1, [4, 5]), s_start.AddSeconds(7));
        (_, ImmutableArray<UniqueAddress> due) = resolver.Observe(Torn(nodes, 1, [4, 5]), s_start.AddSeconds(8));

        early.ShouldBeEmpty();
        due.ShouldBe([Node(4), Node(5)]);
    }

    [Fact]
    public void Further_losses_do_not_delay_the_end_of_a_minority()
    {
        SplitBrainResolver resolver = SplitBrainResolver.Start(s_settings);
        MembershipState[] nodes = Cluster(1, 5);
        (resolver, _) = resolver.Observe(Torn(nodes, 5, [1, 2, 3]), s_start);

        (_, ImmutableArray<UniqueAddress> lost) = resolver.Observe(Torn(nodes, 5, [1, 2, 3, 4]), s_start.AddSeconds(3));

        lost.ShouldBe([Node(5)]);
    }

    [Fact]
    public void Of_two_members_that_only_cannot_hear_each_other_the_younger_goes()
    {
        // 1 hears everybody, and has it from 2 that 2 cannot hear 3.
        MembershipState[] nodes = Cluster(1, 3);
        MembershipState one = nodes[0].Merge(nodes[1].Accuse(Node(3)).Settle().Gossip).Settle();

        SplitBrainResolver resolver = SplitBrainResolver.Start(s_settings);
        (resolver, _) = resolver.Observe(one, s_start);
        (_, ImmutableArray<UniqueAddress> lost) = resolver.Observe(one, s_start.AddSeconds(4));

        lost.ShouldBe([Node(3)]);
    }

    [Fact]
    public void Switched_off_it_declares_nobody_lost()
    {
        SplitBrainResolver resolver = SplitBrainResolver.Start(s_settings with { Enabled = false });
        MembershipState state = Torn(Cluster(1, 5), 1, [4, 5]);
        (resolver, _) = resolver.Observe(state, s_start);

        resolver.Observe(state, s_start.AddSeconds(100)).Lost.ShouldBeEmpty();
    }

    private static ImmutableArray<UniqueAddress> Verdict(MembershipState[] nodes, int self, int[] silent, double after)
    {
        MembershipState state = Torn(nodes, self, silent);
        SplitBrainResolver resolver = SplitBrainResolver.Start(s_settings);
        (resolver, _) = resolver.Observe(state, s_start);
        return resolver.Observe(state, s_start.AddSeconds(after)).Lost;
    }

    /// <summary>All on the node's side cannot hear the silent ones, and have told each other.</summary>
    private static MembershipState Torn(MembershipState[] nodes, int self, int[] silent) => Enumerable.Range(1, nodes.Length).Except(silent)
        .Aggregate(nodes[self - 1], (merged, node) => merged.Merge(Silence(nodes[node - 1], silent).Gossip));

    private static MembershipState Silence(MembershipState state, params int[] silent) => state.Observe([.. silent.Select(Node)]);

    private static UniqueAddress Node(int number) => new(new Address("akka", "test", "node" + number, 1), number);

    /// <summary>Nodes 1 to count, all up and agreed; the founder is the oldest, then they age by their numbers.</summary>
    private static MembershipState[] Cluster(int founder, int count)
    {
        MembershipState first = MembershipState.Found(Node(founder), []).Settle();
        IEnumerable<int> others = Enumerable.Range(1, count).Where(number => number != founder);
        foreach (int number in others) first = first.Join(Node(number), []);
        MembershipState[] nodes = [.. Enumerable.Range(1, count).Select(number => new MembershipState(Node(number), first.Gossip))];
        for (int round = 0; round < 10; round++)
            nodes = [.. nodes.Select(node => nodes.Aggregate(node, (state, other) => state.Merge(other.Gossip)).Settle())];
        nodes.ShouldAllBe(node => node.Members.Present.All(row => row.Status == RowStatus.Up));
        return nodes;
    }
}

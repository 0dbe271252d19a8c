using Cluster.Actors.Simulation;
using Cluster.Actors.Tests.Embedded;

namespace Cluster.Actors.Tests.Membership.Embedded;

/// <summary>Nodes join, crash, come back and are torn apart, on a network that loses, doubles and reorders.</summary>
public sealed class MembershipSimulationTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_nodes_come_up_and_agree(int seed)
    {
        SimulatedMembers members = new(seed, 5, SimulatedFaults.All);

        members.ShouldBeUpWithin(TimeSpan.FromSeconds(30));

        Leaders(members).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_quiet_network_forms_a_cluster_at_once()
    {
        SimulatedMembers members = new(1, 5, SimulatedFaults.None);

        members.ShouldBeUpWithin(TimeSpan.FromSeconds(3));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Crashed_nodes_are_removed_and_come_back(int seed)
    {
        SimulatedMembers members = new(seed, 5, SimulatedFaults.All);
        members.ShouldBeUpWithin(s_patience);
        for (int round = 0; round < 3; round++)
        {
            SimulatedNode victim = members.Cluster.Nodes[members.Cluster.Chance.Next(5)];
            members.Crash(victim);
            bool stayAway = members.Cluster.Chance.Chance(0.5);
            if (stayAway)
            {
                SimulatedNode[] rest = [.. members.Running];
                members.Cluster.RunUntil(() => rest.All(node => members.SeesOnly(node, rest)), s_patience).ShouldBeTrue($"seed {seed}: {victim.Name} was not removed");
            }

            members.Cluster.Restart(victim);
            members.ShouldBeUpWithin(s_patience);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_greater_side_of_a_partition_stays_and_the_smaller_ends_and_comes_back(int seed)
    {
        SimulatedMembers members = new(seed, 5, SimulatedFaults.All) { FoundAgain = true };
        members.ShouldBeUpWithin(s_patience);
        SimulatedNode[] shuffled = [.. members.Cluster.Nodes.OrderBy(_ => members.Cluster.Chance.NextUInt64())];
        SimulatedNode[] greater = shuffled[..3];
        UniqueAddress[] before = Addresses(greater);

        members.Cluster.Partition(greater, shuffled[3..]);
        members.Cluster.RunUntil(() => greater.All(node => members.SeesOnly(node, greater)), s_patience).ShouldBeTrue($"seed {seed}");
        members.Cluster.Heal();
        members.ShouldBeUpWithin(s_patience);

        Addresses(greater).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_cluster_that_a_cut_off_seed_has_founded_gives_way_to_the_greater_one(int seed)
    {
        SimulatedMembers members = new(seed, 5, SimulatedFaults.All) { FoundAgain = true };
        members.ShouldBeUpWithin(s_patience);
        SimulatedNode[] seeds = [.. members.Cluster.Nodes.Take(2)];
        SimulatedNode[] greater = [.. members.Cluster.Nodes.Skip(2)];
        UniqueAddress[] before = Addresses(greater);

        members.Cluster.Partition(greater, seeds);
        members.Cluster.RunUntil(() => seeds.All(node => members.SeesOnly(node, seeds)), s_patience).ShouldBeTrue($"seed {seed}");
        members.Cluster.Heal();
        members.ShouldBeUpWithin(s_patience);

        Addresses(greater).ShouldBe(before);
    }

    [Fact]
    public void A_short_partition_costs_nobody_its_life()
    {
        SimulatedMembers members = new(7, 5, SimulatedFaults.None);
        members.ShouldBeUpWithin(s_patience);
        UniqueAddress[] before = Addresses(members.Cluster.Nodes);

        members.Cluster.Partition(members.Cluster.Nodes[0], members.Cluster.Nodes[1]);
        members.Cluster.RunUntil(() => Unreachable(members.Cluster.Nodes[0]) > 0, s_patience).ShouldBeTrue();
        members.Cluster.Heal();
        members.ShouldBeUpWithin(s_patience);

        Addresses(members.Cluster.Nodes).ShouldBe(before);
    }

    [Fact]
    public void Of_two_nodes_that_cannot_hear_each_other_the_younger_goes()
    {
        SimulatedMembers members = new(11, 5, SimulatedFaults.None);
        members.ShouldBeUpWithin(s_patience);
        SimulatedNode[] byAge = [.. members.Cluster.Nodes.OrderBy(node => ActorCluster.Get(node.System).SelfMember, Member.AgeOrdering)];
        UniqueAddress[] before = Addresses(byAge);

        members.Cluster.Partition(byAge[1], byAge[3]);
        members.Cluster.RunUntil(() => ActorCluster.Get(byAge[3].System).SelfUniqueAddress != before[3], s_patience).ShouldBeTrue();
        members.Cluster.Heal();
        members.ShouldBeUpWithin(s_patience);

        Addresses(byAge).Where((address, index) => index != 3).ShouldBe(before.Where((_, index) => index != 3));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static ulong Run()
        {
            SimulatedMembers members = new(5, 5, SimulatedFaults.All);
            members.Cluster.RunFor(TimeSpan.FromSeconds(10));
            members.Crash(members.Cluster.Nodes[2]);
            members.Cluster.RunFor(TimeSpan.FromSeconds(20));
            return members.Cluster.TraceHash;
        }

        Run().ShouldBe(Run());
    }

    private static UniqueAddress[] Addresses(IEnumerable<SimulatedNode> nodes) =>
        [.. nodes.Select(node => ActorCluster.Get(node.System).SelfUniqueAddress)];

    private static int Unreachable(SimulatedNode node) => ActorCluster.Get(node.System).State.Unreachable.Count;

    private static IEnumerable<Address?> Leaders(SimulatedMembers members) =>
        members.Cluster.Nodes.Select(node => ActorCluster.Get(node.System).State.Leader).Distinct();
}

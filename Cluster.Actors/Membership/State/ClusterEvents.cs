namespace Cluster.Actors.Membership.State;

/// <summary>What subscribers hear of a change, and the state as they see it.</summary>
internal static class ClusterEvents
{
    public static ClusterEvent.CurrentClusterState Snapshot(MembershipState? state)
    {
        if (state is null) return ClusterEvent.CurrentClusterState.Empty;
        return new ClusterEvent.CurrentClusterState(
            [.. state.Members.Present.Select(row => row.ToMember())],
            [.. UnreachableRows(state).Select(row => row.ToMember())],
            state.Leader?.Address,
            RoleLeaders(state));
    }

    /// <summary>Members first, then reachability, then leaders; each in the order of addresses.</summary>
    public static ImmutableArray<ClusterEvent.IClusterDomainEvent> Between(MembershipState? before, MembershipState after)
    {
        ImmutableArray<ClusterEvent.IClusterDomainEvent>.Builder events = ImmutableArray.CreateBuilder<ClusterEvent.IClusterDomainEvent>();
        foreach (MemberRow row in after.Members.Rows.Values)
        {
            if (MemberEvent(before?.Members[row.Node], row) is { } change) events.Add(change);
        }

        events.AddRange(UnreachableRows(after).Where(row => before is null || !before.Unreachable.Contains(row.Node))
            .Select(row => new ClusterEvent.UnreachableMember(row.ToMember())));
        if (before is not null)
        {
            events.AddRange(before.Unreachable.Where(node => !after.Unreachable.Contains(node) && after.Members[node] is { Status: not RowStatus.Removed })
                .Select(node => new ClusterEvent.ReachableMember(after.Members[node]!.ToMember())));
        }

        if (before?.Leader?.Address != after.Leader?.Address) events.Add(new ClusterEvent.LeaderChanged(after.Leader?.Address));
        AddRoleLeaders(events, before is null ? ImmutableSortedDictionary<string, Address>.Empty : RoleLeaders(before), RoleLeaders(after));
        return events.ToImmutable();
    }

    private static ClusterEvent.IMemberEvent? MemberEvent(MemberRow? before, MemberRow after)
    {
        Member member = after.ToMember();
        // Two leaders of one moment may have numbered a member differently; who is oldest may change when that is settled.
        bool renumbered = before is not null && before.UpNumber != after.UpNumber && after.Status != RowStatus.Removed;
        if (before?.PublicStatus == member.Status && !renumbered) return null;
        return member.Status switch
        {
            MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
            MemberStatus.Up => new ClusterEvent.MemberUp(member),
            MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
            MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
            MemberStatus.Down => new ClusterEvent.MemberDowned(member),
            _ => before is null ? null : new ClusterEvent.MemberRemoved(member, before.PublicStatus),
        };
    }

    private static IEnumerable<MemberRow> UnreachableRows(MembershipState state) =>
        state.Unreachable.Select(node => state.Members[node]!);

    private static ImmutableSortedDictionary<string, Address> RoleLeaders(MembershipState state) =>
        state.Members.Present.SelectMany(row => row.Roles).Distinct(StringComparer.Ordinal)
            .Select(role => (Role: role, Leader: state.LeaderOf(role)))
            .Where(entry => entry.Leader is not null)
            .ToImmutableSortedDictionary(entry => entry.Role, entry => entry.Leader!.Address, StringComparer.Ordinal);

    private static void AddRoleLeaders(
        ImmutableArray<ClusterEvent.IClusterDomainEvent>.Builder events,
        ImmutableSortedDictionary<string, Address> before,
        ImmutableSortedDictionary<string, Address> after)
    {
        foreach (string role in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            Address? leader = after.GetValueOrDefault(role);
            if (before.GetValueOrDefault(role) != leader) events.Add(new ClusterEvent.RoleLeaderChanged(role, leader));
        }
    }
}

namespace Cluster.Actors.Singleton;

/// <summary>Who among the members of a role should run a singleton, and who may still be running it. Pure.</summary>
/// <param name="Oldest">The oldest that works; null where none does.</param>
/// <param name="Predecessors">Members that came before the oldest and have not gone yet: they must have stopped first.</param>
internal sealed record Seniority(Member? Oldest, ImmutableArray<Member> Predecessors)
{
    public static Seniority Of(ClusterEvent.CurrentClusterState state, string? role)
    {
        Member[] byAge = [.. state.Members.Where(member => HasRole(member, role) && member.Status != MemberStatus.Joining).Order(Member.AgeOrdering)];
        Member? oldest = byAge.FirstOrDefault(member => member.Status is MemberStatus.Up or MemberStatus.Leaving);
        return new Seniority(oldest, [.. byAge.TakeWhile(member => member != oldest)]);
    }

    private static bool HasRole(Member member, string? role) => role is null || member.HasRole(role);
}

namespace Cluster.Actors.Membership.State;

/// <summary>One life of a node in the member table.</summary>
/// <param name="Node">Which.</param>
/// <param name="Roles">Sorted; fixed for the life of the node.</param>
/// <param name="Status">Only ever grows.</param>
/// <param name="UpNumber">The how-manieth to come up; <see cref="int.MaxValue"/> until then. Only ever shrinks.</param>
internal sealed record MemberRow(UniqueAddress Node, ImmutableArray<string> Roles, RowStatus Status, int UpNumber)
{
    public static MemberRow Joining(UniqueAddress node, IEnumerable<string> roles) =>
        new(node, [.. roles.Order(StringComparer.Ordinal)], RowStatus.Joining, int.MaxValue);

    /// <summary>Whether it takes part in decisions: it must have seen a change before the leader goes on.</summary>
    public bool Votes => Status is RowStatus.Up or RowStatus.Leaving;

    public bool HasRole(string? role) => role is null || Roles.Contains(role);

    public MemberRow At(RowStatus status) => status > Status ? this with { Status = status } : this;

    public MemberRow Merge(MemberRow other) =>
        this with { Status = other.Status > Status ? other.Status : Status, UpNumber = Math.Min(UpNumber, other.UpNumber) };

    public Member ToMember() => new(Node, UpNumber, PublicStatus, [.. Roles]);

    public MemberStatus PublicStatus => Status switch
    {
        RowStatus.Joining => MemberStatus.Joining,
        RowStatus.Up => MemberStatus.Up,
        RowStatus.Leaving => MemberStatus.Leaving,
        RowStatus.Exiting or RowStatus.Exited => MemberStatus.Exiting,
        RowStatus.Down => MemberStatus.Down,
        _ => MemberStatus.Removed,
    };
}

namespace Cluster.Actors.Membership;

/// <summary>What the cluster tells its subscribers.</summary>
public static class ClusterEvent
{
    /// <summary>What a new subscriber hears first.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>One <see cref="CurrentClusterState"/>.</summary>
        InitialStateAsSnapshot,

        /// <summary>The events that lead to the current state.</summary>
        InitialStateAsEvents,
    }

    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;

    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;

    public interface IClusterDomainEvent;

    /// <summary>A member has changed its status.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        Member Member { get; }
    }

    /// <summary>A member can be heard again, or no longer.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent
    {
        Member Member { get; }
    }

    public abstract record MemberStatusChange(Member Member) : IMemberEvent;

    public sealed record MemberJoined(Member Member) : MemberStatusChange(Member);

    public sealed record MemberUp(Member Member) : MemberStatusChange(Member);

    public sealed record MemberLeft(Member Member) : MemberStatusChange(Member);

    public sealed record MemberExited(Member Member) : MemberStatusChange(Member);

    public sealed record MemberDowned(Member Member) : MemberStatusChange(Member);

    public sealed record MemberRemoved(Member Member, MemberStatus PreviousStatus) : MemberStatusChange(Member);

    public abstract record ReachabilityEvent(Member Member) : IReachabilityEvent;

    public sealed record UnreachableMember(Member Member) : ReachabilityEvent(Member);

    public sealed record ReachableMember(Member Member) : ReachabilityEvent(Member);

    /// <summary>The leader is another node, or there is none.</summary>
    public sealed record LeaderChanged(Address? Leader) : IClusterDomainEvent;

    /// <summary>The leader among the members of a role is another node, or there is none.</summary>
    public sealed record RoleLeaderChanged(string Role, Address? Leader) : IClusterDomainEvent;

    /// <summary>This node's part in the cluster has ended.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }
    }

    /// <summary>All members as this node sees them now.</summary>
    public sealed class CurrentClusterState
    {
        internal CurrentClusterState(
            ImmutableSortedSet<Member> members, ImmutableHashSet<Member> unreachable, Address? leader, ImmutableSortedDictionary<string, Address> roleLeaders)
        {
            Members = members;
            Unreachable = unreachable;
            Leader = leader;
            RoleLeaders = roleLeaders;
        }

        public ImmutableSortedSet<Member> Members { get; }

        public ImmutableHashSet<Member> Unreachable { get; }

        public Address? Leader { get; }

        public ImmutableHashSet<string> AllRoles => [.. Members.SelectMany(member => member.Roles)];

        internal static CurrentClusterState Empty { get; } = new([], [], null, ImmutableSortedDictionary<string, Address>.Empty);

        internal ImmutableSortedDictionary<string, Address> RoleLeaders { get; }

        public Address? RoleLeader(string role) => RoleLeaders.GetValueOrDefault(role);
    }
}

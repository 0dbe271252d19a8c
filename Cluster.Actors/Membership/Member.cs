namespace Cluster.Actors.Membership;

/// <summary>A node of the cluster as one moment saw it. Two members are equal when they are the same life of the same node.</summary>
public sealed class Member : IEquatable<Member>, IComparable<Member>
{
    internal Member(UniqueAddress uniqueAddress, int upNumber, MemberStatus status, ImmutableHashSet<string> roles)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
    }

    /// <summary>Orders members from the oldest to the youngest.</summary>
    public static IComparer<Member> AgeOrdering { get; } =
        Comparer<Member>.Create((left, right) => left.Equals(right) ? 0 : left.IsOlderThan(right) ? -1 : 1);

    /// <summary>Orders addresses; the leader is the lowest.</summary>
    public static IComparer<Address> AddressOrdering { get; } = Comparer<Address>.Default;

    public UniqueAddress UniqueAddress { get; }

    public Address Address => UniqueAddress.Address;

    public MemberStatus Status { get; }

    public ImmutableHashSet<string> Roles { get; }

    /// <summary>The how-manieth member it was to come up; <see cref="int.MaxValue"/> until then.</summary>
    internal int UpNumber { get; }

    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Whether it came up earlier; between two that have not come up, the lower address counts as older.</summary>
    public bool IsOlderThan(Member other) =>
        UpNumber != other.UpNumber ? UpNumber < other.UpNumber : UniqueAddress < other.UniqueAddress;

    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    public bool Equals(Member? other) => other is not null && UniqueAddress == other.UniqueAddress;

    public override bool Equals(object? obj) => Equals(obj as Member);

    public override int GetHashCode() => UniqueAddress.GetHashCode();

    public override string ToString() =>
        $"Member(address = {Address}, Uid={UniqueAddress.Uid} status = {Status}, role=[{string.Join(",", Roles.Order(StringComparer.Ordinal))}], upNumber={UpNumber})";

    public static bool operator ==(Member? left, Member? right) => Equals(left, right);

    public static bool operator !=(Member? left, Member? right) => !Equals(left, right);

    public static bool operator <(Member left, Member right) => left.CompareTo(right) < 0;

    public static bool operator >(Member left, Member right) => left.CompareTo(right) > 0;

    public static bool operator <=(Member left, Member right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Member left, Member right) => left.CompareTo(right) >= 0;
}

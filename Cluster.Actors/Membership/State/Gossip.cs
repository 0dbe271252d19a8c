namespace Cluster.Actors.Membership.State;

/// <summary>All that the nodes tell one another: members, and each node's own observations. Merges like its parts.</summary>
/// <param name="Founder">The node that began this cluster; two clusters that meet differ here.</param>
/// <param name="Members">The member table.</param>
/// <param name="Observers">What each node says of itself.</param>
internal sealed record Gossip(UniqueAddress Founder, MemberTable Members, ImmutableSortedDictionary<UniqueAddress, ObserverRow> Observers)
{
    private ulong? _digest;

    // Not the digest: the copy is about to differ.
    private Gossip(Gossip original) => (Founder, Members, Observers) = (original.Founder, original.Members, original.Observers);

    /// <summary>Differs whenever two nodes have something to tell each other.</summary>
    public ulong Digest => _digest ??= ComputeDigest();

    public static Gossip FoundedBy(UniqueAddress founder, IEnumerable<string> roles) => new(
        founder, MemberTable.Empty.With(MemberRow.Joining(founder, roles)), ImmutableSortedDictionary<UniqueAddress, ObserverRow>.Empty);

    public bool Equals(Gossip? other) => other is not null && Founder == other.Founder && Same(other.Members, other.Observers);

    public override int GetHashCode() => Digest.GetHashCode();

    public ObserverRow Observer(UniqueAddress node) => Observers.GetValueOrDefault(node, ObserverRow.Empty);

    public bool Accuses(UniqueAddress observer, UniqueAddress subject) => Observer(observer).Unreachable.Contains(subject);

    /// <summary>Whether every node hears every other, as far as is known: the usual case, which makes the questions about reach cheap.</summary>
    public bool NobodyAccuses => Observers.Values.All(row => row.Unreachable.IsEmpty);

    public Gossip Merge(Gossip other)
    {
        MemberTable members = Members.Merge(other.Members);
        ImmutableSortedDictionary<UniqueAddress, ObserverRow> observers = Observers;
        foreach ((UniqueAddress node, ObserverRow row) in other.Observers)
        {
            if (row.Version > Observer(node).Version) observers = observers.SetItem(node, row);
        }

        return Same(members, observers) ? this : new Gossip(Founder, members, observers).Prune();
    }

    public Gossip With(MemberTable members) => ReferenceEquals(members, Members) ? this : (this with { Members = members }).Prune();

    public Gossip With(UniqueAddress node, ObserverRow row) => this with { Observers = Observers.SetItem(node, row) };

    /// <summary>What the removed said is forgotten; a pure function of the parts, so that it cannot upset the merge.</summary>
    private Gossip Prune()
    {
        UniqueAddress[] gone = [.. Observers.Keys.Where(node => Members[node] is null or { Status: RowStatus.Removed })];
        return gone.Length == 0 ? this : this with { Observers = Observers.RemoveRange(gone) };
    }

    private ulong ComputeDigest()
    {
        Digest digest = State.Digest.Start.Add(Founder).Add(Members.Digest);
        foreach ((UniqueAddress node, ObserverRow row) in Observers) digest = digest.Add(node).Add((ulong)row.Version);
        return digest.Value;
    }

    private bool Same(MemberTable members, ImmutableSortedDictionary<UniqueAddress, ObserverRow> observers) =>
        ReferenceEquals(members, Members) && ReferenceEquals(observers, Observers);
}

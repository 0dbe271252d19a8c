namespace Cluster.Actors.Membership.State;

/// <summary>
/// What one node knows of its cluster and what follows from it: who is leader, who is reachable, whether all agree, and
/// what the leader does next. Immutable, no clock, no messages.
/// </summary>
/// <param name="self">This life of this node.</param>
/// <param name="gossip">What it knows.</param>
/// <param name="gone">Who certainly runs nothing any more, as this node alone knows.</param>
internal sealed class MembershipState(UniqueAddress self, Gossip gossip, ImmutableSortedSet<UniqueAddress>? gone = null)
{
    public UniqueAddress Self { get; } = self;

    public Gossip Gossip { get; } = gossip;

    public ImmutableSortedSet<UniqueAddress> Gone { get; } = gone ?? [];

    public MemberTable Members => Gossip.Members;

    public MemberRow? SelfRow => Members[Self];

    /// <summary>Whether this node has been declared lost, or has left.</summary>
    public bool IsOut => SelfRow is { Status: RowStatus.Down or RowStatus.Removed };

    /// <summary>The members that somebody within reach of this node cannot hear.</summary>
    public ImmutableSortedSet<UniqueAddress> Unreachable => field ??= FindUnreachable();

    /// <summary>The nodes that this one can reach, directly or through others.</summary>
    public ImmutableSortedSet<UniqueAddress> Side => field ??= FindSide();

    /// <summary>Of the members within reach the lowest address among the working; among all where none works yet.</summary>
    public UniqueAddress? Leader => LeaderOf(null);

    /// <summary>Whether all who vote can be heard and have seen this member table.</summary>
    public bool Converged => Members.Present.All(row => row.Node == Self || !row.Votes && !Blocks(row) || row.Votes && HasSeen(row.Node));

    public static MembershipState Found(UniqueAddress self, IEnumerable<string> roles) => new(self, Gossip.FoundedBy(self, roles));

    /// <summary>The leader among the members of a role.</summary>
    public UniqueAddress? LeaderOf(string? role)
    {
        IEnumerable<MemberRow> candidates = Members.Present.Where(row => !Unreachable.Contains(row.Node) && row.HasRole(role) && row.Status != RowStatus.Down);
        return candidates.FirstOrDefault(row => row.Votes)?.Node ?? candidates.FirstOrDefault()?.Node;
    }

    public MembershipState Merge(Gossip other) => WithGossip(Gossip.Merge(other));

    /// <summary>Another node asks to join. An older life of it is over, whatever anybody believes.</summary>
    public MembershipState Join(UniqueAddress node, IEnumerable<string> roles)
    {
        if (Members[node] is not null) return this;
        IEnumerable<MemberRow> olderLives = Members.Present.Where(row => row.Node.Address == node.Address).Select(row => row.At(RowStatus.Down));
        MembershipState next = WithMembers(Members.With(olderLives));
        foreach (MemberRow older in olderLives) next = next.Accuse(older.Node);
        return next.WithMembers(next.Members.With(MemberRow.Joining(node, roles)));
    }

    /// <summary>A member asks to leave; one that has not come up yet leaves at once.</summary>
    public MembershipState Leave(Address address) => Change(address, row => row.Status switch
    {
        RowStatus.Joining => row.At(RowStatus.Exiting),
        RowStatus.Up => row.At(RowStatus.Leaving),
        _ => row,
    });

    public MembershipState Down(Address address) => Change(address, row => row.At(RowStatus.Down));

    public MembershipState Down(IEnumerable<UniqueAddress> nodes) =>
        WithMembers(Members.With(nodes.Select(node => Members[node]).OfType<MemberRow>().Select(row => row.At(RowStatus.Down))));

    /// <summary>This node has handed over all it ran.</summary>
    public MembershipState ConfirmExit() =>
        SelfRow is { Status: RowStatus.Exiting } row ? WithMembers(Members.With(row.At(RowStatus.Exited))) : this;

    /// <summary>Takes note of who certainly runs nothing any more: it said so, or was silent until it must have ended by itself.</summary>
    public MembershipState Knowing(ImmutableSortedSet<UniqueAddress> nodes) => nodes.SetEquals(Gone) ? this : new(Self, Gossip, nodes);

    /// <summary>The node says itself that nothing runs on it any more.</summary>
    public MembershipState Stopped(UniqueAddress node) =>
        Members[node] is { Status: RowStatus.Exiting } row ? WithMembers(Members.With(row.At(RowStatus.Exited))) : this;

    /// <summary>Takes note of whom this node cannot hear.</summary>
    public MembershipState Observe(ImmutableSortedSet<UniqueAddress> unreachable)
    {
        ObserverRow own = Gossip.Observer(Self);
        ImmutableSortedSet<UniqueAddress> known = [.. unreachable.Where(node => node != Self && Members[node] is { Status: not RowStatus.Removed })];
        return known.SetEquals(own.Unreachable) ? this : WithObserver(own with { Version = own.Version + 1, Unreachable = known });
    }

    public MembershipState Accuse(UniqueAddress node) => Observe(Gossip.Observer(Self).Unreachable.Add(node));

    /// <summary>Does what this node has to do as a member and, if it is, as the leader, until nothing is left to do.</summary>
    public MembershipState Settle()
    {
        MembershipState state = this;
        while (true)
        {
            MembershipState next = state.WithSeen().LeaderActions();
            if (next.Gossip.Digest == state.Gossip.Digest) return next;
            state = next;
        }
    }

    /// <summary>Records that this node has seen the member table that it holds.</summary>
    private MembershipState WithSeen()
    {
        ObserverRow own = Gossip.Observer(Self);
        bool known = SelfRow is { Status: not RowStatus.Removed };
        return !known || own.SeenDigest == Members.Digest ? this : WithObserver(own with { Version = own.Version + 1, SeenDigest = Members.Digest });
    }

    private MembershipState LeaderActions()
    {
        if (Leader != Self || IsOut || !Converged) return this;
        int lastUp = Members.Rows.Values.Where(row => row.UpNumber != int.MaxValue).Select(row => row.UpNumber).DefaultIfEmpty(0).Max();
        List<MemberRow> changes = [];
        foreach (MemberRow row in Members.Present)
        {
            bool unreachable = Unreachable.Contains(row.Node);
            switch (row.Status)
            {
                case RowStatus.Joining when !unreachable:
                    changes.Add(row.At(RowStatus.Up) with { UpNumber = ++lastUp });
                    break;
                case RowStatus.Leaving:
                    changes.Add(row.At(RowStatus.Exiting));
                    break;
                case RowStatus.Exited:
                case RowStatus.Down when Gone.Contains(row.Node) || HasLaterLife(row):
                    changes.Add(row.At(RowStatus.Removed));
                    break;
            }
        }

        return WithMembers(Members.With(changes));
    }

    private bool HasSeen(UniqueAddress node) => !Unreachable.Contains(node) && Gossip.Observer(node).SeenDigest == Members.Digest;

    private bool HasLaterLife(MemberRow row) =>
        Members.Present.Any(other => other.Node.Address == row.Node.Address && other.Node != row.Node && other.Status != RowStatus.Down);

    /// <summary>A member that cannot be heard holds up the others until it is heard, leaves, or is declared lost.</summary>
    private bool Blocks(MemberRow row) => row.Status is RowStatus.Joining && Unreachable.Contains(row.Node);

    private ImmutableSortedSet<UniqueAddress> FindUnreachable() => Gossip.NobodyAccuses ? [] :
    [
        .. Members.Present.Select(row => row.Node)
            .Where(node => node != Self && (!Side.Contains(node) || Side.Any(observer => observer != node && Gossip.Accuses(observer, node)))),
    ];

    private ImmutableSortedSet<UniqueAddress> FindSide()
    {
        UniqueAddress[] present = [.. Members.Present.Select(row => row.Node)];
        if (Gossip.NobodyAccuses) return [Self, .. present];
        ImmutableSortedSet<UniqueAddress>.Builder side = ImmutableSortedSet.CreateBuilder<UniqueAddress>();
        Queue<UniqueAddress> frontier = new([Self]);
        side.Add(Self);
        while (frontier.TryDequeue(out UniqueAddress? from))
        {
            // A node that has just come has not listened for long enough to vouch for others.
            if (from != Self && Members[from] is { Votes: false }) continue;
            foreach (UniqueAddress to in present)
            {
                if (!side.Contains(to) && Linked(from, to) && side.Add(to)) frontier.Enqueue(to);
            }
        }

        return side.ToImmutable();
    }

    /// <summary>Whether two nodes hear each other, as far as this node knows.</summary>
    internal bool Linked(UniqueAddress one, UniqueAddress other) => !Gossip.Accuses(one, other) && !Gossip.Accuses(other, one);

    private MembershipState Change(Address address, Func<MemberRow, MemberRow> change) =>
        WithMembers(Members.With(Members.Present.Where(row => row.Node.Address == address).Select(change)));

    private MembershipState WithMembers(MemberTable members) => WithGossip(Gossip.With(members));

    private MembershipState WithObserver(ObserverRow row) => WithGossip(Gossip.With(Self, row));

    private MembershipState WithGossip(Gossip next) => ReferenceEquals(next, Gossip) ? this : new(Self, next, Gone);
}

namespace Cluster.Actors.Membership.State;

/// <summary>
/// Who is declared lost when the cluster has been torn for a while: the side with most working members stays; of two equal
/// sides the one with the oldest. Immutable; decisions follow from the state and how long it has stood.
/// </summary>
/// <param name="Settings">How long is a while.</param>
/// <param name="View">What the decision rests on; any change of it starts the wait anew.</param>
/// <param name="Since">Since when the view has stood.</param>
/// <param name="MinoritySince">Since when this node has been on the smaller side, whatever else has changed; null where it is not.</param>
internal sealed record SplitBrainResolver(DowningSettings Settings, ulong View, DateTimeOffset Since, DateTimeOffset? MinoritySince)
{
    public static SplitBrainResolver Start(DowningSettings settings) => new(settings, 0, DateTimeOffset.MinValue, null);

    /// <summary>Looks at the state; names whom to declare lost now, usually nobody.</summary>
    public (SplitBrainResolver Next, ImmutableArray<UniqueAddress> Lost) Observe(MembershipState state, DateTimeOffset now)
    {
        if (!Settings.Enabled || state.Unreachable.IsEmpty || state.IsOut) return (Start(Settings), []);
        ulong view = ViewOf(state);
        DateTimeOffset since = view == View ? Since : now;

        // The minority goes first, and further losses do not delay it; the majority waits a margin longer, and anew with each
        // change. So nothing runs on both sides.
        if (!Survives(state))
        {
            DateTimeOffset minoritySince = MinoritySince ?? now;
            SplitBrainResolver waiting = new(Settings, view, since, minoritySince);
            return (waiting, now - minoritySince >= Settings.StableAfter ? [.. state.Side] : []);
        }

        bool decides = state.Leader == state.Self && now - since >= Settings.StableAfter + Settings.RemovalMargin;
        return (new SplitBrainResolver(Settings, view, since, null), decides ? Cut(state) : []);
    }

    /// <summary>
    /// The other side may not have heard of this side's last decisions, nor this side of the other's. So whoever has been declared lost
    /// but not removed still counts for the other side, and so does a joining member there, which may have come up.
    /// </summary>
    private bool Survives(MembershipState state)
    {
        MemberRow[] counted = [.. state.Members.Present.Where(row => row.HasRole(Settings.Role))];
        bool Stays(MemberRow row) => state.Side.Contains(row.Node) && row.Status != RowStatus.Down;
        int here = counted.Count(row => Stays(row) && row.Status != RowStatus.Joining);
        int there = counted.Count(row => !Stays(row));
        if (here != there) return here > there;
        MemberRow? oldest = counted.MinBy(row => (row.UpNumber, row.Node));
        return oldest is null || Stays(oldest);
    }

    /// <summary>The other side; and of each pair on this side that cannot hear each other, the younger.</summary>
    private static ImmutableArray<UniqueAddress> Cut(MembershipState state)
    {
        MemberRow[] present = [.. state.Members.Present.Where(row => row.Status != RowStatus.Down)];
        HashSet<UniqueAddress> lost = [.. present.Select(row => row.Node).Where(node => !state.Side.Contains(node))];
        MemberRow[] byAge = [.. present.Where(row => state.Side.Contains(row.Node)).OrderBy(row => row.UpNumber).ThenBy(row => row.Node)];
        for (int younger = 1; younger < byAge.Length; younger++)
        {
            for (int older = 0; older < younger; older++)
            {
                if (!lost.Contains(byAge[older].Node) && !state.Linked(byAge[older].Node, byAge[younger].Node)) lost.Add(byAge[younger].Node);
            }
        }

        return [.. lost.Order()];
    }

    private static ulong ViewOf(MembershipState state)
    {
        Digest digest = Digest.Start.Add(state.Members.Digest);
        foreach (UniqueAddress node in state.Unreachable) digest = digest.Add(node);
        return digest.Add((ulong)state.Side.Count).Value;
    }
}

namespace Cluster.Actors.Membership.State;

/// <summary>
/// All lives of all nodes. A join semilattice: merging is commutative, associative and idempotent, so gossip may be lost,
/// doubled and reordered at will.
/// </summary>
internal sealed class MemberTable
{
    /// <summary>Rows of removed members that are remembered, so that late gossip cannot raise the dead.</summary>
    public const int RemovedRowsMax = 512;

    private ulong? _digest;

    private MemberTable(ImmutableSortedDictionary<UniqueAddress, MemberRow> rows) => Rows = rows;

    public static MemberTable Empty { get; } = new(ImmutableSortedDictionary<UniqueAddress, MemberRow>.Empty);

    public ImmutableSortedDictionary<UniqueAddress, MemberRow> Rows { get; }

    /// <summary>All that are not removed, in the order of their addresses.</summary>
    public IEnumerable<MemberRow> Present => Rows.Values.Where(row => row.Status != RowStatus.Removed);

    /// <summary>Equal tables have equal digests; it tells others what this node has seen.</summary>
    public ulong Digest => _digest ??= ComputeDigest();

    public MemberRow? this[UniqueAddress node] => Rows.GetValueOrDefault(node);

    public static MemberTable Of(IEnumerable<MemberRow> rows) => Empty.With(rows);

    public MemberTable With(MemberRow row) => With([row]);

    public MemberTable With(IEnumerable<MemberRow> rows)
    {
        ImmutableSortedDictionary<UniqueAddress, MemberRow> next = Rows;
        foreach (MemberRow row in rows)
        {
            MemberRow merged = next.TryGetValue(row.Node, out MemberRow? known) ? known.Merge(row) : row;
            if (known is null || known.Status != merged.Status || known.UpNumber != merged.UpNumber) next = next.SetItem(row.Node, merged);
        }

        return ReferenceEquals(next, Rows) ? this : new MemberTable(Trim(next));
    }

    public MemberTable Merge(MemberTable other) => other.Digest == Digest ? this : With(other.Rows.Values);

    private static ImmutableSortedDictionary<UniqueAddress, MemberRow> Trim(ImmutableSortedDictionary<UniqueAddress, MemberRow> rows)
    {
        int surplus = rows.Values.Count(row => row.Status == RowStatus.Removed) - RemovedRowsMax;
        if (surplus <= 0) return rows;
        IEnumerable<UniqueAddress> oldest = rows.Values.Where(row => row.Status == RowStatus.Removed)
            .OrderBy(row => row.UpNumber).ThenBy(row => row.Node).Take(surplus).Select(row => row.Node);
        return rows.RemoveRange(oldest);
    }

    private ulong ComputeDigest()
    {
        Digest digest = State.Digest.Start;
        foreach (MemberRow row in Rows.Values)
            digest = digest.Add(row.Node).Add((ulong)row.Status).Add((ulong)row.UpNumber);
        return digest.Value;
    }
}

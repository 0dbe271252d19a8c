using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Serialization.Codecs;

/// <summary>
/// All that a node knows of its cluster: the founder, the member table, and what each member observes. Observers name members by
/// their place in the table, so that a cluster of 256 in which nobody hears anybody still fits one message.
/// </summary>
internal static class GossipCodec
{
    private const int RowsMax = ClusterSettings.MembersMax * 2 + MemberTable.RemovedRowsMax;

    /// <summary>Address, uid, roles, status and number: what a row takes at least.</summary>
    private const int RowBytesMin = 3 + sizeof(int) + sizeof(int) + 1 + 1 + sizeof(int);

    private const int ObserverBytesMin = 1 + sizeof(long) + sizeof(ulong) + 1;

    public static void Write(EngineWriter writer, Gossip gossip)
    {
        ImmutableArray<UniqueAddress> nodes = [.. gossip.Members.Rows.Keys];
        writer.Node(gossip.Founder, nameof(gossip.Founder));
        writer.List([.. gossip.Members.Rows.Values], RowsMax, nameof(gossip.Members), WriteRow);
        KeyValuePair<UniqueAddress, ObserverRow>[] observers = [.. gossip.Observers.Where(entry => gossip.Members[entry.Key] is not null)];
        writer.List(observers, RowsMax, nameof(gossip.Observers), (w, entry) =>
        {
            WritePlace(w, nodes, entry.Key);
            w.Int64(entry.Value.Version);
            w.UInt64(entry.Value.SeenDigest);
            UniqueAddress[] unreachable = [.. entry.Value.Unreachable.Where(node => nodes.BinarySearch(node) >= 0)];
            w.List(unreachable, RowsMax, nameof(ObserverRow.Unreachable), (v, node) => WritePlace(v, nodes, node));
        });
    }

    public static Gossip Read(EngineReader reader)
    {
        UniqueAddress founder = reader.Node(nameof(Gossip.Founder));
        ImmutableArray<MemberRow> rows = reader.List(RowsMax, RowBytesMin, nameof(Gossip.Members), ReadRow);
        ImmutableSortedDictionary<UniqueAddress, ObserverRow>.Builder observers = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, ObserverRow>();
        int count = reader.Count(RowsMax, ObserverBytesMin, nameof(Gossip.Observers));
        for (int i = 0; i < count; i++)
        {
            UniqueAddress node = ReadPlace(reader, rows);
            long version = reader.Int64(nameof(ObserverRow.Version));
            ulong seen = reader.UInt64(nameof(ObserverRow.SeenDigest));
            ImmutableArray<UniqueAddress> unreachable = reader.List(RowsMax, 1, nameof(ObserverRow.Unreachable), r => ReadPlace(r, rows));
            observers[node] = new ObserverRow(version, [.. unreachable], seen);
        }

        return new Gossip(founder, MemberTable.Of(rows), observers.ToImmutable());
    }

    private static void WriteRow(EngineWriter writer, MemberRow row)
    {
        writer.Node(row.Node, nameof(row.Node));
        MembershipCodecs.Roles(writer, row.Roles);
        writer.Byte((byte)row.Status);
        writer.Int32(row.UpNumber);
    }

    private static MemberRow ReadRow(EngineReader reader)
    {
        UniqueAddress node = reader.Node(nameof(MemberRow.Node));
        ImmutableArray<string> roles = MembershipCodecs.Roles(reader);
        byte status = reader.Byte(nameof(MemberRow.Status));
        if (status > (byte)RowStatus.Removed) throw reader.Fault(nameof(MemberRow.Status), $"0 to {(byte)RowStatus.Removed}", status);
        int upNumber = reader.Int32(nameof(MemberRow.UpNumber));
        return upNumber > 0
            ? new MemberRow(node, roles, (RowStatus)status, upNumber)
            : throw reader.Fault(nameof(MemberRow.UpNumber), "1 or more", upNumber);
    }

    private static void WritePlace(EngineWriter writer, ImmutableArray<UniqueAddress> nodes, UniqueAddress node) =>
        writer.Count(nodes.BinarySearch(node), RowsMax, nameof(MemberRow.Node));

    private static UniqueAddress ReadPlace(EngineReader reader, ImmutableArray<MemberRow> rows)
    {
        int place = reader.Count(RowsMax, 0, nameof(MemberRow.Node));
        return place < rows.Length ? rows[place].Node : throw reader.Fault(nameof(MemberRow.Node), $"less than {rows.Length}", place);
    }
}

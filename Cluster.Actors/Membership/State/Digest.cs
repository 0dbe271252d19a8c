namespace Cluster.Actors.Membership.State;

/// <summary>FNV-1a over words and texts: the same on every node and in every process, unlike GetHashCode.</summary>
internal readonly record struct Digest(ulong Value)
{
    private const ulong Prime = 1099511628211;

    public static Digest Start { get; } = new(14695981039346656037);

    public Digest Add(ulong word)
    {
        ulong value = Value;
        for (int shift = 0; shift < 64; shift += 8) value = unchecked((value ^ ((word >> shift) & 0xFF)) * Prime);
        return new Digest(value);
    }

    public Digest Add(string text)
    {
        ulong value = Value;
        foreach (char letter in text) value = unchecked((value ^ letter) * Prime);
        return new Digest(value).Add((ulong)text.Length);
    }

    public Digest Add(UniqueAddress node) => Add(node.Address.ToString()).Add(unchecked((ulong)node.Uid));
}

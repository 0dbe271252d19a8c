namespace Cluster.Messages.Wire;

/// <summary>How many bytes a contribution may have.</summary>
/// <param name="Least">The fewest.</param>
/// <param name="Most">The most.</param>
public readonly record struct ByteRange(int Least, int Most)
{
    /// <summary>All have as many.</summary>
    /// <param name="bytes">How many.</param>
    public ByteRange(int bytes)
        : this(bytes, bytes)
    {
    }

    /// <summary>Whether all contributions have as many.</summary>
    public bool IsOne => Least == Most;

    /// <summary>Whether a contribution may have as many.</summary>
    public bool Has(int bytes) => bytes >= Least && bytes <= Most;
}

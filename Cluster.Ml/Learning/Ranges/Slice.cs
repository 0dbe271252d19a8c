namespace Cluster.Ml.Learning.Ranges;

/// <summary>Numbers Start … Start + Length − 1 of a vector.</summary>
/// <param name="Start">The first.</param>
/// <param name="Length">How many.</param>
public readonly record struct Slice(int Start, int Length)
{
    /// <summary>The first number after it.</summary>
    public int End => Start + Length;

    /// <summary>What both have in common; of length 0 if that is nothing.</summary>
    public Slice Intersect(Slice other)
    {
        int start = Math.Max(Start, other.Start);
        return new Slice(start, Math.Max(0, Math.Min(End, other.End) - start));
    }
}

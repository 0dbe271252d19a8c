namespace Cluster.Ml.Compression;

/// <summary>How a contribution of single precision is laid out in less room, made, added and read. No state: used by several threads.</summary>
/// <param name="length">Numbers of a contribution.</param>
/// <param name="exact">How many at its end keep every bit.</param>
internal abstract class ContributionPacking(int length, int exact)
{
    /// <summary>Words of the longest packed contribution.</summary>
    public abstract int Length { get; }

    /// <summary>Words of the shortest.</summary>
    public virtual int LeastLength => Length;

    /// <summary>Where the exact numbers begin.</summary>
    public abstract int ExactStart { get; }

    /// <summary>Whether <see cref="Pack"/> leaves behind what it did not send, to be carried on.</summary>
    public abstract bool LeavesOut { get; }

    /// <summary>Numbers that need not keep every bit.</summary>
    protected int Inexact { get; } = length - exact;

    /// <summary>Numbers that do.</summary>
    protected int Exact { get; } = exact;

    /// <summary>Packs the contribution of one micro-batch.</summary>
    /// <param name="numbers">[length]; afterwards what of them was left out, if <see cref="LeavesOut"/> says so and they are not sent whole.</param>
    /// <param name="step">Steps since the start of training.</param>
    /// <param name="leaf">The micro-batch.</param>
    /// <param name="whole">Whether nothing is carried on from this step.</param>
    /// <param name="packed">[Length], overwritten.</param>
    public abstract void Pack(Span<float> numbers, long step, int leaf, bool whole, Span<float> packed);

    /// <summary>Adds the sum of the subtree to the right.</summary>
    /// <param name="left">[Length], overwritten.</param>
    /// <param name="right">[Length].</param>
    public abstract void Add(Span<float> left, ReadOnlySpan<float> right);

    /// <summary>Reads a contribution back.</summary>
    /// <param name="packed">[Length].</param>
    /// <param name="numbers">[length], overwritten.</param>
    public abstract void Unpack(ReadOnlySpan<float> packed, Span<float> numbers);

    /// <summary>How many words at the start of a packed contribution mean anything.</summary>
    public virtual int UsedLength(ReadOnlySpan<float> packed) => Length;

    /// <summary>Whether so many words from elsewhere are a packed contribution.</summary>
    public virtual bool IsSound(ReadOnlySpan<float> packed, int words) => words == Length;
}

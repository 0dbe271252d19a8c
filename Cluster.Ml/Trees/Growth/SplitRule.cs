namespace Cluster.Ml.Trees.Growth;

/// <summary>What a bin sums, and what a split of such sums gains.</summary>
/// <remarks>Range  sums are whole numbers below 2⁵³, so that no order of adding changes a bit; gains are computed from sums in one fixed order</remarks>
internal abstract class SplitRule
{
    /// <summary>Numbers that a bin sums.</summary>
    public abstract int Channels { get; }

    /// <summary>How many rows.</summary>
    public abstract double RowsOf(ReadOnlySpan<double> sums);

    /// <summary>Whether no split can gain anything, whatever the columns say.</summary>
    public abstract bool IsPure(ReadOnlySpan<double> sums);

    /// <summary>What a split gains, summed over rows; the same bits if both sides are exchanged.</summary>
    public abstract double Gain(ReadOnlySpan<double> all, ReadOnlySpan<double> left, ReadOnlySpan<double> right);

    /// <summary>Whether the best split is worth while.</summary>
    /// <param name="gain">What it gains.</param>
    /// <param name="sums">The sums of the node.</param>
    /// <param name="leastGain">What a split must gain, summed over rows.</param>
    public abstract bool Accepts(double gain, ReadOnlySpan<double> sums, double leastGain);

    /// <summary>Whether so many rows on one side may be a leaf.</summary>
    public virtual bool AllowsLeaf(ReadOnlySpan<double> sums) => true;
}

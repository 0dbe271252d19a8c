using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>Rules that count the rows of each class.</summary>
/// <remarks>
/// Equation  gain = I(all) − (I(left) + I(right)), I the impurity times the rows
/// Differs   from a demand that something is gained: as in CART, a node of several classes is split even where the best split gains nothing, since
///           the splits below it may (exclusive or)
/// </remarks>
internal abstract class ImpurityRule(int classes) : SplitRule
{
    private const double Rounding = 1e-12;

    public sealed override int Channels => classes;

    public sealed override double RowsOf(ReadOnlySpan<double> sums)
    {
        double rows = 0;
        foreach (double count in sums) rows += count;
        return rows;
    }

    public sealed override bool IsPure(ReadOnlySpan<double> sums)
    {
        int present = 0;
        foreach (double count in sums)
            if (count > 0) present++;
        return present < 2;
    }

    public sealed override double Gain(ReadOnlySpan<double> all, ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        Impurity(all) - (Impurity(left) + Impurity(right));

    public sealed override bool Accepts(double gain, ReadOnlySpan<double> sums, double leastGain) => gain >= leastGain - (Rounding * RowsOf(sums));

    /// <summary>The impurity times the rows; at least one row.</summary>
    protected abstract double Impurity(ReadOnlySpan<double> sums);
}

/// <summary>Gini's index.</summary>
/// <remarks>Equation  impurity = 1 − Σ (nₖ/n)². Source  Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), § 4.3</remarks>
internal sealed class GiniRule(int classes) : ImpurityRule(classes)
{
    protected override double Impurity(ReadOnlySpan<double> sums)
    {
        double rows = 0, squares = 0;
        foreach (double count in sums)
        {
            rows += count;
            squares += count * count;
        }
        return rows - (squares / rows);
    }
}

/// <summary>Entropy.</summary>
/// <remarks>Equation  impurity = −Σ (nₖ/n) log₂(nₖ/n). Units  bits. Source  Quinlan, "Induction of Decision Trees", Machine Learning 1 (1986)</remarks>
internal sealed class EntropyRule(int classes) : ImpurityRule(classes)
{
    private static readonly double s_bitsPerNat = 1 / Numerics.StableMath.Log(2.0);

    protected override double Impurity(ReadOnlySpan<double> sums)
    {
        double rows = 0, logs = 0;
        foreach (double count in sums)
        {
            rows += count;
            if (count > 0) logs += count * Numerics.StableMath.Log(count);
        }
        return ((rows * Numerics.StableMath.Log(rows)) - logs) * s_bitsPerNat;
    }
}

using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>The variance of numbers in fixed point.</summary>
/// <remarks>
/// Equation  gain = n_L·n_R/n · (mean_L − mean_R)², what the sum of squares about the means falls by
/// Range     0 if both means are equal, so that targets that do not differ are never split
/// Source    Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), § 8.3
/// </remarks>
internal sealed class VarianceRule : SplitRule
{
    public const int Rows = 0, Sum = 1;

    public override int Channels => 2;

    public override double RowsOf(ReadOnlySpan<double> sums) => sums[Rows];

    public override bool IsPure(ReadOnlySpan<double> sums) => false;

    public override double Gain(ReadOnlySpan<double> all, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double between = (left[Sum] / left[Rows]) - (right[Sum] / right[Rows]);
        return left[Rows] * right[Rows] / all[Rows] * (between * between);
    }

    public override bool Accepts(double gain, ReadOnlySpan<double> sums, double leastGain) => gain > 0 && gain >= leastGain;
}

using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Boosting;

/// <summary>Gradients and curvatures in fixed point: what a Newton step in every leaf takes off the loss.</summary>
/// <remarks>
/// Equation  gain = G_L²/H_L + G_R²/H_R − G²/H
/// Source    Chen and Guestrin, "XGBoost", KDD 2016, eq. 7, without penalties
/// </remarks>
internal sealed class NewtonRule(double curvatureUnit) : SplitRule
{
    public const int Rows = 0, Gradient = 1, Curvature = 2;
    private const double Rounding = 1e-12, LeastCurvature = 1e-3;      // as scikit-learn's, of one leaf

    public override int Channels => 3;

    public override double RowsOf(ReadOnlySpan<double> sums) => sums[Rows];

    public override bool IsPure(ReadOnlySpan<double> sums) => false;

    public override bool AllowsLeaf(ReadOnlySpan<double> sums) => sums[Curvature] * curvatureUnit >= LeastCurvature;

    public override double Gain(ReadOnlySpan<double> all, ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        Score(left) + Score(right) - Score(all);

    public override bool Accepts(double gain, ReadOnlySpan<double> sums, double leastGain) => gain > Rounding * Score(sums) && gain > 0;

    private static double Score(ReadOnlySpan<double> sums) => sums[Curvature] > 0 ? sums[Gradient] * sums[Gradient] / sums[Curvature] : 0;
}

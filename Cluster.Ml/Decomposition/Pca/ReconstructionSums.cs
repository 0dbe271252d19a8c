using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Decomposition.Pca;

/// <summary>Sums that tell how well rows are given back by their coordinates; they add up over parts of a split.</summary>
/// <remarks>
/// Shapes    [rows, Σ‖x − x̂‖², Σ‖x − m‖²], m the mean of the training rows
/// Equation  reconstruction-error = Σ‖x − x̂‖² / n;  explained-variance = 1 − Σ‖x − x̂‖² / Σ‖x − m‖², 1 if every row is m
/// </remarks>
internal static class ReconstructionSums
{
    public const int Length = 3;

    public static readonly Figure[] Figures =
    [
        new("reconstruction-error", Better.Lower, "mean squared distance of a row from what its coordinates give back, in scaled units"),
        new("explained-variance", Better.Higher, "share of the squared distances from the mean that the components explain"),
    ];

    /// <summary>Adds one row.</summary>
    public static void Add(Span<double> sums, double lost, double spread)
    {
        sums[0]++;
        sums[1] += lost;
        sums[2] += spread;
    }

    /// <summary>The figures; none if there are no rows.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums) => sums[0] == 0 ? Metrics.None
        : new Metrics([new(Figures[0].Name, sums[1] / sums[0]), new(Figures[1].Name, sums[2] == 0 ? 1 : 1 - (sums[1] / sums[2]))]);
}

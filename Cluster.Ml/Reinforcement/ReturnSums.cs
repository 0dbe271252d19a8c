using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Reinforcement;

/// <summary>What is summed over the episodes that a policy is measured by.</summary>
/// <remarks>
/// Equation  G = Σₜ rₜ, without a discount;  mean = Σ G / n;  deviation = √(Σ G² / n − mean²)
/// Shapes    sums [Length]: n, Σ G, Σ G², Σ actions
/// </remarks>
internal static class ReturnSums
{
    public const int Length = 4;

    /// <summary>The figures of every learner of episodes, the one that decides first.</summary>
    public static readonly IReadOnlyList<Figure> Figures =
    [
        new("mean-return", Better.Higher, "mean of the rewards that an episode adds up to, its actions being the policy's best"),
        new("return-deviation", Better.Neither, "standard deviation of that over episodes"),
        new("mean-steps", Better.Neither, "mean number of actions of an episode"),
    ];

    /// <summary>Adds one episode.</summary>
    public static void Add(Span<double> sums, double reward, int steps)
    {
        sums[0]++;
        sums[1] += reward;
        sums[2] += reward * reward;
        sums[3] += steps;
    }

    /// <summary>The figures of the sums; none of no episode.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums)
    {
        double count = sums[0], mean = sums[1] / count;
        if (count == 0) return Metrics.None;
        double deviation = Math.Sqrt(Math.Max(0, (sums[2] / count) - (mean * mean)));
        return new Metrics([new("mean-return", mean), new("return-deviation", deviation), new("mean-steps", sums[3] / count)]);
    }
}

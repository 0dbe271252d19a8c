using Cluster.Ml.Randomness;

namespace Cluster.Ml.Trees.Forest;

/// <summary>How often a tree draws each row: a function of (seed, tree, row), so that a worker needs no other rows than its own.</summary>
/// <remarks>
/// Equation  weight ~ Poisson(1), the limit of drawing n rows of n with replacement; a row is left out of a tree with probability 1/e
/// Range     at most <see cref="WeightMax"/>: more has a probability below 10⁻¹²
/// Source    Oza and Russell, "Online Bagging and Boosting", AISTATS 2001
/// </remarks>
internal sealed class Bootstrap(ulong seed)
{
    /// <summary>Rows whose weights are drawn at once, at most.</summary>
    public const int RowsAtOnce = 512;

    /// <summary>The most often that a tree draws a row.</summary>
    public const int WeightMax = 14;

    private static readonly ulong[] s_below = Cumulative();
    private readonly ulong[] _random = new ulong[RowsAtOnce];

    /// <summary>Writes the weights of some rows.</summary>
    /// <param name="tree">From 0.</param>
    /// <param name="ids">Numbers of training rows, at most <see cref="RowsAtOnce"/>.</param>
    /// <param name="weights">[ids], overwritten.</param>
    public void Fill(long tree, ReadOnlySpan<int> ids, Span<byte> weights)
    {
        Span<ulong> random = _random.AsSpan(0, ids.Length);
        Philox.FillFirst(random, seed, RandomPurpose.Bootstrap, tree, ids);
        for (int i = 0; i < random.Length; i++)
        {
            int weight = 0;
            while (weight < WeightMax && random[i] >= s_below[weight]) weight++;
            weights[i] = (byte)weight;
        }
    }

    /// <summary>2⁶⁴ times the probability of at most 0, 1, 2, …</summary>
    private static ulong[] Cumulative()
    {
        const double perE = 0.36787944117144233;
        var below = new ulong[WeightMax];
        (double term, double sum) = (perE, 0);
        for (int k = 0; k < WeightMax; k++)
        {
            sum += term;
            below[k] = (ulong)Math.ScaleB(sum, 64);
            term /= k + 1;
        }
        return below;
    }
}

using Cluster.Ml.Numerics;

namespace Cluster.Ml.SupportVectors;

/// <summary>The votes of all pairs of classes about a row.</summary>
/// <remarks>
/// Equation  the pair (a, b) votes for a where f(x) − ρ &gt; 0, otherwise for b; the score of a class is the mean of σ(±(f(x) − ρ)) over its pairs,
///           made to add up to 1: a ranking, and no probability
/// Range     of equal votes the first class; a class without training rows loses every vote
/// Source    Chang and Lin, "LIBSVM", ACM TIST 2 (2011), § 7; Knerr, Personnaz, Dreyfus, 1990
/// </remarks>
internal static class PairVotes
{
    /// <summary>The class with the most votes.</summary>
    /// <param name="layout">Of the state.</param>
    /// <param name="state">Holds ρ.</param>
    /// <param name="decisions">Of each pair, without ρ.</param>
    /// <param name="scores">[classes], overwritten.</param>
    public static int Count(SupportVectorLayout layout, Span<double> state, ReadOnlySpan<double> decisions, Span<double> scores)
    {
        int classes = layout.Classes;
        Span<double> starts = layout.Starts(state);
        Span<int> votes = classes <= 256 ? stackalloc int[classes] : new int[classes];
        votes.Clear();
        scores.Clear();
        for (int a = 0, pair = 0; a < classes; a++)
            for (int b = a + 1; b < classes; b++, pair++)
            {
                bool hasA = starts[a] < starts[a + 1], hasB = starts[b] < starts[b + 1];
                double decision = decisions[pair] - new PairFacts(layout.Pair(state, pair)).Rho;
                double first = hasA && hasB ? StableMath.Sigmoid(decision) : hasA ? 1 : hasB ? 0 : 0.5;
                if (hasA && hasB ? decision > 0 : hasA) votes[a]++;
                else if (hasB) votes[b]++;
                (scores[a], scores[b]) = (scores[a] + first, scores[b] + (1 - first));
            }
        int best = 0;
        for (int c = 0; c < classes; c++)
        {
            scores[c] *= 2.0 / (classes * (classes - 1));
            if (votes[c] > votes[best]) best = c;
        }
        return best;
    }
}

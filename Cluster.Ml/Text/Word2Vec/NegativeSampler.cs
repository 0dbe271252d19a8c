namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Draws words at random, more frequent ones more often, by the alias method.</summary>
/// <remarks>
/// Equation  P(w) = count(w)^¾ / Σ count^¾
/// Cost      two numbers a word; a draw is one multiplication and one comparison
/// Source    Mikolov, Sutskever, Chen, Corrado, Dean, "Distributed Representations of Words and Phrases and their
///           Compositionality", NIPS 2013, § 2.2 (the power); Vose, IEEE Trans. Softw. Eng. 17 (1991) (the method)
/// </remarks>
internal sealed class NegativeSampler
{
    private const double TwoTo32 = 4294967296.0;
    private readonly uint[] _keep;      // below this the column's own word, from it on the other one
    private readonly int[] _other;

    /// <param name="counts">Of each word; a word of count 0 is never drawn. At least one is positive.</param>
    public NegativeSampler(IReadOnlyList<long> counts)
    {
        double[] weights = [.. counts.Select(ThreeQuarterPower)];
        double mean = weights.Sum() / weights.Length;
        (_keep, _other) = (new uint[weights.Length], new int[weights.Length]);
        Stack<int> small = new(), large = new();
        for (int word = weights.Length - 1; word >= 0; word--) (weights[word] < mean ? small : large).Push(word);
        while (small.TryPop(out int poor))
        {
            if (!large.TryPop(out int rich)) rich = poor;       // rounding left one over: it keeps its whole column
            _keep[poor] = (uint)Math.Min(weights[poor] / mean * TwoTo32, uint.MaxValue);
            _other[poor] = rich;
            if (rich == poor) continue;
            weights[rich] -= mean - weights[poor];
            (weights[rich] < mean ? small : large).Push(rich);
        }
        foreach (int word in large) (_keep[word], _other[word]) = (uint.MaxValue, word);
    }

    /// <summary>The word of 64 random bits.</summary>
    public int Draw(ulong bits)
    {
        int column = (int)((bits >> 32) * (ulong)_keep.Length >> 32);
        return (uint)bits < _keep[column] ? column : _other[column];
    }

    // Square roots are exact everywhere; a power is not.
    private static double ThreeQuarterPower(long count) => Math.Sqrt(count) * Math.Sqrt(Math.Sqrt(count));
}

namespace Cluster.Ml.Jobs;

/// <summary>Vectors of words that are learned from the company the words keep.</summary>
/// <param name="Architecture">skip-gram or cbow.</param>
/// <param name="Dimensions">Numbers of a word's vector.</param>
/// <param name="Window">The most words to either side that count as company.</param>
/// <param name="Negatives">Noise words that the true one is told apart from.</param>
/// <param name="Subsample">Share of the text above which a word is left out now and then; 0 leaves none out.</param>
public sealed record EmbeddingSpec(string Architecture, int Dimensions, int Window, int Negatives, double Subsample)
{
    /// <summary>Whether each word's surroundings are told from it one by one, rather than it from their mean.</summary>
    public bool IsSkipGram => Architecture == "skip-gram";
}

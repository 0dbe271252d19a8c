using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>What a job says about vectors of words that are learned from the company the words keep.</summary>
public sealed record Word2VecOptions : ModelOptions
{
    internal static readonly KeySet<Word2VecOptions> Declared = new KeySet<Word2VecOptions>(new())
        .Word(
            "architecture", "Whether a word's company is predicted from it, or it from the mean of its company.", o => o.Architecture,
            (o, value) => o with { Architecture = value }, [SkipGram, "cbow"])
        .Whole("dimensions", "Numbers of a word's vector.", o => o.Dimensions, (o, value) => o with { Dimensions = value }, 1, 4096, source: "gensim")
        .Whole(
            "window", "The most words to either side that count as company.", o => o.Window, (o, value) => o with { Window = value }, 1, 64,
            unit: "words", source: "gensim")
        .Whole(
            "negatives", "Noise words that the true one is told apart from.", o => o.Negatives, (o, value) => o with { Negatives = value }, 1, 64,
            unit: "words", source: "Mikolov et al., NIPS 2013")
        .Number(
            "subsample", "Share of the text above which a word is left out now and then; 0 leaves none out.", o => o.Subsample,
            (o, value) => o with { Subsample = value }, NumberRange.Between(0, 1, "a share of the text"), source: "gensim");

    private const string SkipGram = "skip-gram";

    /// <summary>skip-gram or cbow.</summary>
    public string Architecture { get; init; } = SkipGram;

    /// <summary>Numbers of a word's vector.</summary>
    public int Dimensions { get; init; } = 100;

    /// <summary>The most words to either side that count as company.</summary>
    public int Window { get; init; } = 5;

    /// <summary>Noise words that the true one is told apart from.</summary>
    public int Negatives { get; init; } = 5;

    /// <summary>Share of the text above which a word is left out now and then; 0 leaves none out.</summary>
    public double Subsample { get; init; } = 1e-3;

    /// <summary>Whether each word's surroundings are told from it one by one, rather than it from their mean.</summary>
    public bool IsSkipGram => Architecture == SkipGram;

    /// <inheritdoc/>
    internal override string EpochsMatter => "the learning rate of word vectors falls to its end with the last epoch";
}

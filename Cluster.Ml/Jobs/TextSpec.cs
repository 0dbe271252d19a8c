namespace Cluster.Ml.Jobs;

/// <summary>How a plain text becomes tokens.</summary>
/// <param name="Unit">What a token is.</param>
/// <param name="VocabularyMax">The most tokens that are told apart, the unknown one among them.</param>
/// <param name="MinimumCount">A token that the training part holds less often is unknown.</param>
/// <param name="TestSource">A text of its own to test on, absolute after reading; null where the test split is cut from the source.</param>
public sealed record TextSpec(TextUnit Unit, int VocabularyMax, int MinimumCount, string? TestSource);

/// <summary>What a token of a text is.</summary>
public enum TextUnit
{
    /// <summary>Every Unicode character, line ends among them.</summary>
    Character,

    /// <summary>Whatever stands between white space; the end of a line is a token, too.</summary>
    Word,

    /// <summary>Runs of letters and apostrophes in lower case; all else separates them; the end of a line is a token, too.</summary>
    Letters,
}

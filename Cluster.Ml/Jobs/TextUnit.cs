namespace Cluster.Ml.Jobs;

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

namespace Cluster.Ml.Data;

/// <summary>What a learner must know of its data before it sees any: sizes and names, never values.</summary>
/// <param name="Features">Columns of the feature matrix.</param>
/// <param name="Classes">Names of the classes in index order; empty if the target is a number or absent.</param>
/// <param name="TrainingExamples">Rows of the training split.</param>
/// <param name="FeatureNames">Names of the columns, [Features].</param>
/// <param name="Image">Height, width and channels where a row is an image (stored height, width, channel); otherwise null.</param>
public sealed record DataShape(
    int Features, IReadOnlyList<string> Classes, int TrainingExamples, IReadOnlyList<string> FeatureNames, ImageShape? Image)
{
    /// <summary>How many of the training rows are of another domain and have no target.</summary>
    public int UnlabelledExamples { get; init; }

    /// <summary>The words of a text whose rows are passages; otherwise null.</summary>
    public WordCounts? Words { get; init; }
}

/// <summary>The words of a text, by their numbers.</summary>
/// <param name="Texts">How each is written.</param>
/// <param name="Counts">How often the training text has each; 0 for a token that is no word to learn.</param>
public sealed record WordCounts(IReadOnlyList<string> Texts, IReadOnlyList<long> Counts);

/// <summary>Size of an image.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Numbers a pixel.</param>
public sealed record ImageShape(int Height, int Width, int Channels);

/// <summary>The three splits of a data set.</summary>
public enum SplitKind
{
    /// <summary>Rows that the model learns from.</summary>
    Training,

    /// <summary>Rows that decide when to stop and which model to keep.</summary>
    Validation,

    /// <summary>Rows that are looked at once, at the end.</summary>
    Test,
}

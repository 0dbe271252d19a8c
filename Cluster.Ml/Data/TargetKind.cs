namespace Cluster.Ml.Data;

/// <summary>What a model learns to say about a row; decided by the kind of model, never guessed from the data.</summary>
public enum TargetKind
{
    /// <summary>Nothing: clustering. A target column is left out of the features and not read.</summary>
    None,

    /// <summary>A number: regression.</summary>
    Number,

    /// <summary>One of several classes, given as text or numbers.</summary>
    Class,
}

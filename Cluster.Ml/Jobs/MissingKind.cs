namespace Cluster.Ml.Jobs;

/// <summary>What is done with rows of a table that lack values.</summary>
public enum MissingKind
{
    /// <summary>The table is refused, with the place of the first.</summary>
    Refuse,

    /// <summary>The row is left out.</summary>
    Drop,

    /// <summary>The mean of the training rows stands for the value.</summary>
    Mean,

    /// <summary>The median of the training rows stands for the value.</summary>
    Median,

    /// <summary>The most frequent value of the training rows stands for it; of several the smallest.</summary>
    MostFrequent,

    /// <summary>The mean stands for the value, and a column of 0 and 1 beside it tells where.</summary>
    Indicator,
}

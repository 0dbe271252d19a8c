namespace Cluster.Ml.Jobs;

/// <summary>What a column of a table becomes.</summary>
public enum ColumnKind
{
    /// <summary>The number that it holds.</summary>
    Number,

    /// <summary>A column of 0 and 1 for each of its categories.</summary>
    OneHot,

    /// <summary>The place of its category in ordinal text order, from 0.</summary>
    Ordinal,

    /// <summary>Year, month, day and weekday of a date.</summary>
    Date,
}

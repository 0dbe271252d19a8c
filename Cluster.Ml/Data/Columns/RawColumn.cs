using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>What the numbers of a column stand for, before anything is fitted.</summary>
/// <param name="Kind">What it becomes.</param>
/// <param name="Categories">What category i of the rows is, in the order in which the file tells them; empty if it is no column of categories.</param>
internal sealed record RawColumn(ColumnKind Kind, IReadOnlyList<string> Categories)
{
    /// <summary>A column of numbers.</summary>
    public static readonly RawColumn Number = new(ColumnKind.Number, []);
}

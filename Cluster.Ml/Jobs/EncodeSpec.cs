namespace Cluster.Ml.Jobs;

/// <summary>How columns that hold no numbers become numbers.</summary>
/// <param name="Texts">What becomes of columns of texts that are not named.</param>
/// <param name="Columns">What becomes of those that are.</param>
public sealed record EncodeSpec(ColumnKind Texts, ValueList<EncodeSpec.Named> Columns)
{
    /// <summary>No column is named.</summary>
    internal static readonly ValueList<Named> NoColumns = new([]);

    /// <summary>What becomes of a column.</summary>
    /// <param name="Column">Its name.</param>
    /// <param name="Kind">What it becomes.</param>
    public sealed record Named(string Column, ColumnKind Kind);

    /// <summary>Whether anything of it is looked for in the rows.</summary>
    internal bool IsFitted => Columns.Count == 0 || Columns.Any(column => column.Kind is ColumnKind.OneHot or ColumnKind.Ordinal);
}

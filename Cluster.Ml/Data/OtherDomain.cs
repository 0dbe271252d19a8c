using Cluster.Ml.Data.Caching;

namespace Cluster.Ml.Data;

/// <summary>Rows of another domain, of which the features alone are read: a network learns from them without knowing their targets.</summary>
/// <remarks>
/// Range  what a file says of their targets never reaches a table, where each is NaN: a learner that used one would not get far
/// </remarks>
internal static class OtherDomain
{
    /// <summary>The target of a row that has none.</summary>
    public const double Unknown = double.NaN;

    /// <summary>The rows of a source with those of another domain below them.</summary>
    /// <param name="raw">Rows of the first domain.</param>
    /// <param name="source">A CSV file with the same feature columns, or images of the same size; of a folder of images, those to learn from.</param>
    /// <param name="preprocessing">Names the columns.</param>
    /// <param name="storage">Where rows are kept.</param>
    /// <exception cref="BadInputException">The rows cannot be read, or are of another width or kind.</exception>
    public static RawRows Below(RawRows raw, string source, Preprocessing preprocessing, RowStorage storage)
    {
        RawRows other = SourceRows.ReadOtherDomain(source, preprocessing, storage);
        if (other.Columns != raw.Columns)
            throw new BadInputException(other.File, null, null, $"{raw.Columns} features, as data.source has", $"{other.Columns}", "adapt to rows of the same kind");
        if (other.Store.AreBytes != raw.Store.AreBytes)
            throw new BadInputException(other.File, null, null, raw.Store.AreBytes ? "images, as data.source has" : "a table, as data.source is", "the other", "adapt to rows in files of the same kind");
        return raw with { Store = new Both(raw.Store, other.Store, other.OwnTestStart) };
    }

    /// <summary>All rows of one store, then the first rows of another, without their targets.</summary>
    private sealed class Both(RowStore first, RowStore second, int secondRows) : RowStore
    {
        public override int Rows { get; } = checked(first.Rows + secondRows);

        public override int Columns => first.Columns;

        public override bool AreBytes => first.AreBytes;

        public override bool HasTargets => first.HasTargets;

        public override bool IsInMemory => first.IsInMemory && second.IsInMemory;

        public override bool IsStreamed => first.IsStreamed || second.IsStreamed;

        public override ReadOnlySpan<byte> BytesOf(int row) => row < first.Rows ? first.BytesOf(row) : second.BytesOf(row - first.Rows);

        public override ReadOnlySpan<double> ValuesOf(int row) => row < first.Rows ? first.ValuesOf(row) : second.ValuesOf(row - first.Rows);

        public override double TargetOf(int row) => row < first.Rows ? first.TargetOf(row) : Unknown;
    }
}

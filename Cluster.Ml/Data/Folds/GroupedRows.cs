namespace Cluster.Ml.Data.Folds;

/// <summary>Rows whose last column is the number of their group, read along with them so that no row is mistaken for another.</summary>
internal static class GroupedRows
{
    /// <summary>The rows without that column, which is no feature; it becomes <see cref="RawRows.Groups"/>.</summary>
    public static RawRows PutAside(RawRows raw)
    {
        int features = raw.Columns - 1;
        int[] groups = new int[raw.Rows];
        for (int row = 0; row < groups.Length; row++) groups[row] = (int)raw.Store.ValuesOf(row)[features];
        GC.KeepAlive(raw.Store);
        RowFacts facts = raw.Facts with
        {
            FeatureNames = [.. raw.Facts.FeatureNames.Take(features)],
            Columns = raw.Facts.Columns is { } columns ? [.. columns.Take(features)] : null,
        };
        return raw with { Facts = facts, Store = new WithoutLast(raw.Store), Groups = groups };
    }

    /// <summary>All columns of a store but the last.</summary>
    private sealed class WithoutLast(RowStore all) : RowStore
    {
        public override int Rows => all.Rows;

        public override int Columns => all.Columns - 1;

        public override bool AreBytes => all.AreBytes;

        public override bool HasTargets => all.HasTargets;

        public override bool IsInMemory => all.IsInMemory;

        public override bool IsStreamed => all.IsStreamed;

        public override ReadOnlySpan<byte> BytesOf(int row) => all.BytesOf(row)[..Columns];

        public override ReadOnlySpan<double> ValuesOf(int row) => all.ValuesOf(row)[..Columns];

        public override double TargetOf(int row) => all.TargetOf(row);
    }
}

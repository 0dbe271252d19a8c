using System.Runtime.CompilerServices;
using Cluster.Ml.Data;

namespace Cluster.Ml.Trees.Growth;

/// <summary>The bins of a shard's rows, a byte a number; kept for the next step where the rows themselves are in memory.</summary>
/// <remarks>Range  bins that are kept are of the very bounds that are asked for, so that a result never depends on what was asked before</remarks>
internal sealed class BinnedRows(GrowthLayout layout)
{
    private readonly ConditionalWeakTable<TrainingShard, Kept> _kept = [];
    private readonly int _boundsStart = GrowthLayout.HeaderLength, _boundsLength = layout.Sizes.Features * (layout.Sizes.Bins + 2);

    /// <summary>The bins of all rows of a shard, [rows, features]; empty if they are not kept.</summary>
    public ReadOnlySpan<byte> Of(Span<double> state, TrainingShard shard)
    {
        if (!shard.Table.IsInMemory || (long)shard.Count * layout.Sizes.Features > Array.MaxLength) return [];
        ReadOnlySpan<double> bounds = state.Slice(_boundsStart, _boundsLength);
        if (_kept.TryGetValue(shard, out Kept? kept) && bounds.SequenceEqual(kept.Bounds)) return kept.Bins;
        var bins = new byte[shard.Count * layout.Sizes.Features];
        BinTable table = new(state, layout.Sizes.Features, layout.Sizes.Bins);
        for (int row = 0; row < shard.Count; row++)
            Fill(table, shard.Table.DoublesOf(shard.Rows[row]), bins.AsSpan(row * layout.Sizes.Features, layout.Sizes.Features));
        _kept.AddOrUpdate(shard, new Kept(bounds.ToArray(), bins));
        return bins;
    }

    /// <summary>The bins of one row.</summary>
    public static void Fill(BinTable table, ReadOnlySpan<double> x, Span<byte> bins)
    {
        for (int feature = 0; feature < bins.Length; feature++)
        {
            ReadOnlySpan<double> bounds = table.BoundsOf(feature);
            int low = 0, high = table.CountOf(feature) - 1;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (x[feature] <= bounds[middle]) high = middle;
                else low = middle + 1;
            }
            bins[feature] = (byte)low;
        }
    }

    private sealed record Kept(double[] Bounds, byte[] Bins);
}

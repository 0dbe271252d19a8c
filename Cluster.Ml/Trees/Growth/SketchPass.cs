using Cluster.Ml.Data;

namespace Cluster.Ml.Trees.Growth;

/// <summary>Gathers the values of some columns: the first steps, before any tree grows.</summary>
internal sealed class SketchPass(GrowthLayout layout, ulong salt)
{
    private const int RowsAtOnce = 4096;

    private readonly double[] _columns = new double[layout.SketchFeatures * RowsAtOnce];
    private readonly double[] _counts = new double[RowsAtOnce];

    /// <summary>Writes what one micro-batch has.</summary>
    public void Write(Span<double> state, in MicroBatch leaf, Span<double> contribution)
    {
        int first = (int)new GrowthHeader(state).Sketched, count = Math.Min(layout.SketchFeatures, layout.Sizes.Features - first);
        Span<double> sketches = contribution.Slice(GrowthHead.Length, count * layout.SketchLength);
        sketches.Clear();
        GrowthHead head = new(contribution);
        head.Begin(true, sketches.Length);
        RowTargets targets = leaf.Shard.Table.Targets;
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        for (int done = 0; done < positions.Length; done += RowsAtOnce)
        {
            int rows = Math.Min(RowsAtOnce, positions.Length - done);
            for (int i = 0; i < rows; i++)
            {
                int row = leaf.Shard.Rows[positions[done + i]];
                head.Include(targets[row]);
                ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(row).Slice(first, count);
                for (int f = 0; f < count; f++) _columns[(f * RowsAtOnce) + i] = x[f] + 0.0;       // −0 is 0
            }
            for (int f = 0; f < count; f++) Merge(_columns.AsSpan(f * RowsAtOnce, rows), sketches.Slice(f * layout.SketchLength, layout.SketchLength));
        }
        head.Statistics[Learning.StepStatistics.Examples] = leaf.Count;
    }

    private void Merge(Span<double> values, Span<double> sketch)
    {
        values.Sort();
        int distinct = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (distinct > 0 && values[i] == values[distinct - 1])
            {
                _counts[distinct - 1]++;
                continue;
            }
            (values[distinct], _counts[distinct]) = (values[i], 1);
            distinct++;
        }
        new ValueSketch(sketch, layout.SketchCapacity).Merge(values[..distinct], _counts.AsSpan(0, distinct), false, salt);
    }
}

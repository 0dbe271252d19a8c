using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Trees.Growth;

/// <summary>How contributions to growing trees are combined and judged.</summary>
internal sealed class GrowthSums(GrowthLayout layout, ulong seed)
{
    /// <summary>What the keys of values are mixed with.</summary>
    public ulong Salt { get; } = RandomStream.At(seed, RandomPurpose.ValueSample).NextUInt64();

    public static int UsedLength(NumericBuffer contribution) => GrowthHead.Length + new GrowthHead(contribution.Doubles).Used;

    /// <summary>Whether numbers from another process are a contribution.</summary>
    public bool IsSound(NumericBuffer contribution, int length)
    {
        if (length < GrowthHead.Length) return false;
        Span<double> numbers = contribution.Doubles;
        GrowthHead head = new(numbers);
        if (head.Used != length - GrowthHead.Length) return false;
        if (!head.HoldsSketches) return true;
        if (head.Used % layout.SketchLength != 0) return false;
        for (int at = GrowthHead.Length; at < length; at += layout.SketchLength)
            if (!new ValueSketch(numbers.Slice(at, layout.SketchLength), layout.SketchCapacity).IsSound()) return false;
        return true;
    }

    public void Combine(NumericBuffer left, NumericBuffer right)
    {
        Span<double> to = left.Doubles, from = right.Doubles;
        GrowthHead mine = new(to), other = new(from);
        if (mine.HoldsSketches != other.HoldsSketches || mine.Used != other.Used)
            throw new ArgumentException($"GrowthSums: wanted two contributions of one step, got {mine.Used} and {other.Used} numbers.", nameof(right));
        int used = mine.Used;
        mine.Add(other);
        to = to.Slice(GrowthHead.Length, used);
        from = from.Slice(GrowthHead.Length, used);
        if (!mine.HoldsSketches)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<double>(to, from, to);
            return;
        }
        for (int at = 0; at < used; at += layout.SketchLength)
        {
            ValueSketch sketch = new(from.Slice(at, layout.SketchLength), layout.SketchCapacity);
            new ValueSketch(to.Slice(at, layout.SketchLength), layout.SketchCapacity).Merge(sketch.Values, sketch.Counts, sketch.Pruned, Salt);
        }
    }

    /// <summary>Decides the bins of the columns whose values a step gathered.</summary>
    /// <returns>Whether those of all columns are known.</returns>
    public bool Absorb(Span<double> state, Span<double> sum)
    {
        GrowthHeader header = new(state);
        GrowthHead head = new(sum);
        int first = (int)header.Sketched, count = head.Used / layout.SketchLength;
        BinTable bins = new(state, layout.Sizes.Features, layout.Sizes.Bins);
        for (int f = 0; f < count; f++)
            bins.Set(first + f, new ValueSketch(sum.Slice(GrowthHead.Length + (f * layout.SketchLength), layout.SketchLength), layout.SketchCapacity));
        (header.Rows, header.TargetLow, header.TargetHigh) = (head.Statistics[Learning.StepStatistics.Examples], head.TargetLow, head.TargetHigh);
        header.Sketched = first + count;
        return first + count == layout.Sizes.Features;
    }
}

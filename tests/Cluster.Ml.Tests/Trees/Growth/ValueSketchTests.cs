using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Tests.Trees.Growth;

public sealed class ValueSketchTests
{
    private const int Capacity = 16;
    private const ulong Salt = 0x1234_5678_9ABC_DEF0;

    // 100 values, three parts that overlap: whichever are merged first, the same values are kept, each with the count of all parts.
    [Fact]
    public void Merging_in_any_order_keeps_the_same_values_with_complete_counts()
    {
        double[] all = [.. Enumerable.Range(0, 100).Select(i => i * 0.5)];
        double[][] parts = [all[..60], all[30..90], all[50..]];

        double[] left = Merged(Merged(Of(parts[0]), Of(parts[1])), Of(parts[2]));
        double[] right = Merged(Of(parts[2]), Merged(Of(parts[1]), Of(parts[0])));

        left.ShouldBe(right);
        ValueSketch sketch = new(left, Capacity);
        (sketch.Used, sketch.Pruned).ShouldBe((Capacity, true));
        (double[] values, double[] counts) = (sketch.Values.ToArray(), sketch.Counts.ToArray());
        for (int i = 0; i < Capacity; i++) counts[i].ShouldBe(parts.Count(part => part.Contains(values[i])));
    }

    [Fact]
    public void Few_values_are_all_kept()
    {
        double[] merged = Merged(Of([1, 3]), Of([2, 3, 4]));
        ValueSketch sketch = new(merged, Capacity);

        sketch.Values.ToArray().ShouldBe([1, 2, 3, 4]);
        sketch.Counts.ToArray().ShouldBe([1, 1, 2, 1]);
        sketch.Pruned.ShouldBeFalse();
    }

    private static double[] Of(double[] values)
    {
        var numbers = new double[ValueSketch.LengthOf(Capacity)];
        new ValueSketch(numbers, Capacity).Merge(values, Enumerable.Repeat(1.0, values.Length).ToArray(), false, Salt);
        return numbers;
    }

    private static double[] Merged(double[] left, double[] right)
    {
        var numbers = (double[])left.Clone();
        ValueSketch other = new(right, Capacity);
        new ValueSketch(numbers, Capacity).Merge(other.Values, other.Counts, other.Pruned, Salt);
        return numbers;
    }
}

using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>The median of each number.</summary>
/// <remarks>
/// Equation  aᵢ = median of gᵢ over micro-batches; of an even number the mean of the middle two
/// Promise   fewer than half lie: each number lies between two honest ones
/// Source    Yin, Chen, Ramchandran, Bartlett, "Byzantine-Robust Distributed Learning", ICML 2018, definition 1
/// </remarks>
public sealed record Median : AggregateSpec
{
    internal static readonly NamedChoice Declared = new("median", "the median of each number over micro-batches", new KeySet<Median>(new())) { WordOnly = true };

    internal override NamedChoice Choice => Declared;

    internal override int Least => 1;

    internal override string Promise => "fewer than half of the micro-batches lie";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        Span<float> sorted = count <= 1024 ? stackalloc float[count] : new float[count];
        for (int i = 0; i < result.Length; i++) result[i] = MiddleOf(SortedColumn(gradients, count, result.Length, i, sorted));
    }

    internal static Span<float> SortedColumn(ReadOnlySpan<float> gradients, int count, int length, int column, Span<float> sorted)
    {
        for (int row = 0; row < count; row++) sorted[row] = gradients[(row * length) + column];
        sorted = sorted[..count];
        sorted.Sort();
        return sorted;
    }

    internal static float MiddleOf(ReadOnlySpan<float> sorted) =>
        (float)(((double)sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);
}

using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>The mean of each number without its f largest and f smallest.</summary>
/// <param name="Lies">f.</param>
/// <remarks>
/// Equation  aᵢ = mean of gᵢ over micro-batches, the f largest and the f smallest left out
/// Promise   at most f of n ≥ 2f + 1 lie: what is left lies between honest numbers
/// Source    Yin, Chen, Ramchandran, Bartlett, "Byzantine-Robust Distributed Learning", ICML 2018, definition 2
/// </remarks>
public sealed record TrimmedMean(int Lies) : AggregateSpec
{
    internal static readonly NamedChoice Declared = new(
        "trimmed-mean", "the mean of each number without its largest and smallest", Lying(new KeySet<TrimmedMean>(new(1)), (o, value) => o with { Lies = value }));

    /// <inheritdoc/>
    public override int Byzantine => Lies;

    internal override NamedChoice Choice => Declared;

    internal override int Least => (2 * Lies) + 1;

    internal override string Promise => "n of at least 2f + 1";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        Span<float> sorted = count <= 1024 ? stackalloc float[count] : new float[count];
        int cut = Math.Min(Lies, (count - 1) / 2);
        for (int i = 0; i < result.Length; i++)
        {
            ReadOnlySpan<float> kept = Median.SortedColumn(gradients, count, result.Length, i, sorted)[cut..^cut];
            double sum = 0;
            foreach (float value in kept) sum += value;
            result[i] = (float)(sum / kept.Length);
        }
    }
}

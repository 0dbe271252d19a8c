using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>The mean of the gradients that are nearest to their neighbours.</summary>
/// <param name="Lies">f.</param>
/// <remarks>
/// Equation  the mean of the n − f − 2 gradients of the least <see cref="KrumScores"/>
/// Promise   at most f of n ≥ 2f + 3 lie
/// Source    Blanchard, El Mhamdi, Guerraoui, Stainer, "Machine Learning with Adversaries", NIPS 2017, § 5
/// </remarks>
public sealed record MultiKrum(int Lies) : AggregateSpec
{
    internal static readonly NamedChoice Declared = new(
        "multi-krum", "the mean of the gradients that are nearest to their neighbours", Lying(new KeySet<MultiKrum>(new(1)), (o, value) => o with { Lies = value }));

    /// <inheritdoc/>
    public override int Byzantine => Lies;

    internal override NamedChoice Choice => Declared;

    internal override int Least => (2 * Lies) + 3;

    internal override string Promise => "n of at least 2f + 3";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        int length = result.Length, kept = Math.Max(1, count - Lies - 2);
        int[] order = KrumScores.Order(KrumScores.Distances(gradients, count, length), count, [.. Enumerable.Range(0, count)], Lies);
        int[] chosen = [.. order.Take(kept).Order()];
        for (int i = 0; i < length; i++)
        {
            double sum = 0;
            foreach (int row in chosen) sum += gradients[(row * length) + i];
            result[i] = (float)(sum / chosen.Length);
        }
    }
}

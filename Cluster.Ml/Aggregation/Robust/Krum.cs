using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>The one gradient that is nearest to its neighbours.</summary>
/// <param name="Lies">f.</param>
/// <remarks>
/// Equation  the gradient of the least <see cref="KrumScores"/>
/// Promise   at most f of n ≥ 2f + 3 lie: Blanchard et al., proposition 1
/// Source    Blanchard, El Mhamdi, Guerraoui, Stainer, "Machine Learning with Adversaries", NIPS 2017
/// </remarks>
public sealed record Krum(int Lies) : AggregateSpec
{
    internal static readonly NamedChoice Declared = new(
        "krum", "the one gradient that is nearest to its neighbours", Lying(new KeySet<Krum>(new(1)), (o, value) => o with { Lies = value }));

    /// <inheritdoc/>
    public override int Byzantine => Lies;

    internal override NamedChoice Choice => Declared;

    internal override int Least => (2 * Lies) + 3;

    internal override string Promise => "n of at least 2f + 3";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        int length = result.Length, best = KrumScores.Order(KrumScores.Distances(gradients, count, length), count, [.. Enumerable.Range(0, count)], Lies)[0];
        gradients.Slice(best * length, length).CopyTo(result);
    }
}

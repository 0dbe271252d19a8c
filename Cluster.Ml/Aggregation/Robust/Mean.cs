using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>The mean over a step's examples. One liar moves it anywhere.</summary>
/// <remarks>
/// Equation  without lies the sum is that of <see cref="SumTree"/>; with lies, the mean of the micro-batches' mean gradients
/// Promise   f = 0: Blanchard et al., NIPS 2017, lemma 1
/// </remarks>
public sealed record Mean : AggregateSpec
{
    /// <summary>The one value.</summary>
    public static readonly Mean Instance = new();

    internal static readonly NamedChoice Declared = new(SumTree.Declared.Name, SumTree.Declared.Meaning, new KeySet<Mean>(Instance)) { WordOnly = true };

    internal override NamedChoice Choice => Declared;

    internal override int Least => 1;

    internal override string Promise => "no lying micro-batch";

    internal override void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result)
    {
        int length = result.Length;
        for (int i = 0; i < length; i++)
        {
            double sum = 0;
            for (int row = 0; row < count; row++) sum += gradients[(row * length) + i];
            result[i] = (float)(sum / count);
        }
    }
}

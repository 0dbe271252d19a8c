using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Poisoning;

/// <summary>What a lying micro-batch says in the place of its mean gradient g; μ and σ are those of each number over the honest ones.</summary>
public enum Lie
{
    /// <summary>−s·g.</summary>
    SignFlip,

    /// <summary>s·g.</summary>
    Scale,

    /// <summary>μ − z·σ, with the largest z that hides among the honest ones. Baruch, Baruch, Goldberg, "A Little Is Enough", NeurIPS 2019, algorithm 1.</summary>
    LittleIsEnough,

    /// <summary>−s·μ. Xie, Koyejo, Gupta, "Fall of Empires", UAI 2019.</summary>
    InnerProduct,
}

/// <summary>Lying workers, as micro-batches that lie: the key training.attack, to try an aggregate.</summary>
/// <param name="Kind">The lie.</param>
/// <param name="Byzantine">How many micro-batches lie.</param>
/// <param name="Strength">s; of little-is-enough z, 0 for the largest that hides.</param>
/// <remarks>
/// Threat model  the liars know all honest gradients of the step and act together; their number is fixed
/// Determinism   which lie is drawn from the seed; what they say is a function of the step's gradients
/// </remarks>
public sealed record LieSpec(Lie Kind, int Byzantine, double Strength)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ kind: sign-flip, byzantine: 2 }";

    internal static readonly KeySet<LieSpec> Declared = new KeySet<LieSpec>(new(Lie.SignFlip, 1, 1))
        .Word(
            "kind", "What a lying micro-batch says in the place of its gradient.", o => o.Kind, (o, value) => o with { Kind = value },
            [new("sign-flip", Lie.SignFlip), new("scale", Lie.Scale), new("little-is-enough", Lie.LittleIsEnough), new("inner-product", Lie.InnerProduct)])
        .Whole("byzantine", "How many micro-batches lie.", o => o.Byzantine, (o, value) => o with { Byzantine = value }, 1, JobDefaults.MicroBatchesMax, unit: "micro-batches")
        .Number(
            "strength", "The factor of the lie; of little-is-enough the standard deviations, 0 for as many as hide.", o => o.Strength, (o, value) => o with { Strength = value },
            NumberRange.NotNegative);

    /// <summary>Which micro-batches lie.</summary>
    internal bool[] Chosen(int microBatches, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, microBatches)];
        RandomStream stream = RandomStream.At(seed, RandomPurpose.Poison, 1);
        stream.Shuffle(order.AsSpan());
        bool[] lying = new bool[microBatches];
        foreach (int index in order.Take(Byzantine)) lying[index] = true;
        return lying;
    }

    /// <summary>Puts lies in the place of the gradients of those who lie.</summary>
    /// <param name="gradients">[n × length], changed.</param>
    /// <param name="lying">[n].</param>
    /// <param name="length">Numbers of a gradient.</param>
    internal void Tell(Span<float> gradients, ReadOnlySpan<bool> lying, int length)
    {
        int count = lying.Length, liars = 0;
        foreach (bool lies in lying) liars += lies ? 1 : 0;
        if (liars == 0) return;
        double z = Kind == Lie.LittleIsEnough && Strength == 0 ? Hidden(count, liars) : Strength;
        for (int i = 0; i < length; i++)
        {
            (double mean, double deviation) = OfHonest(gradients, lying, length, i);
            for (int m = 0; m < count; m++)
            {
                if (!lying[m]) continue;
                ref float said = ref gradients[(m * length) + i];
                said = (float)(Kind switch
                {
                    Lie.SignFlip => -Strength * said,
                    Lie.Scale => Strength * said,
                    Lie.LittleIsEnough => mean - (z * deviation),
                    _ => -Strength * mean,
                });
            }
        }
    }

    /// <summary>z with Φ(z) = (n − f − s)/(n − f), s = ⌊n/2 + 1⌋ − f: so many honest ones lie farther out that the liars look like a majority.</summary>
    internal static double Hidden(int count, int liars)
    {
        int honest = count - liars, wanted = (count / 2) + 1 - liars;
        double z = honest <= 0 ? 1 : MathLibrary.NormalQuantile(Math.Clamp((double)(honest - wanted) / honest, 0.01, 0.99));
        return Math.Round(z * (1 << 20)) / (1 << 20);             // no model may depend on a platform's last bits
    }

    private static (double Mean, double Deviation) OfHonest(ReadOnlySpan<float> gradients, ReadOnlySpan<bool> lying, int length, int column)
    {
        double sum = 0, squares = 0;
        int count = 0;
        for (int m = 0; m < lying.Length; m++)
        {
            if (lying[m]) continue;
            sum += gradients[(m * length) + column];
            count++;
        }
        if (count == 0) return (gradients[column], 0);
        double mean = sum / count;
        for (int m = 0; m < lying.Length; m++)
            if (!lying[m]) squares += (gradients[(m * length) + column] - mean) * (gradients[(m * length) + column] - mean);
        return (mean, Math.Sqrt(squares / count));
    }
}

using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn;

/// <summary>How the weights of a layer start.</summary>
/// <remarks>
/// Equation  He: N(0, 2 / inputs);  Glorot: U(−r, r), r = √(6 / (inputs + outputs))
/// Range     weight i depends on (seed, layer, i) alone
/// Source    He et al., "Delving Deep into Rectifiers" (2015), eq. 10; Glorot and Bengio, AISTATS 2010, eq. 16
/// </remarks>
internal abstract class WeightStart
{
    /// <summary>All zero: where the problem is convex, chance has nothing to add.</summary>
    public static readonly WeightStart Zero = new ZeroStart();

    /// <summary>Normal numbers whose variance keeps that of a rectified layer.</summary>
    public static readonly WeightStart HeNormal = new HeStart();

    /// <summary>Uniform numbers whose variance keeps that of a linear layer, forward and backward.</summary>
    public static readonly WeightStart GlorotUniform = new GlorotStart();

    /// <summary>Fills the weights of a layer.</summary>
    public abstract void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer);

    private sealed class ZeroStart : WeightStart
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer) => weights.Clear();
    }

    private sealed class HeStart : WeightStart
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer)
        {
            Philox.FillGaussian(weights, seed, RandomPurpose.Initialize, layer, 0);
            float deviation = (float)Math.Sqrt(2.0 / inputs);
            foreach (ref float weight in weights) weight *= deviation;
        }
    }

    private sealed class GlorotStart : WeightStart
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer)
        {
            Philox.FillUniform(weights, seed, RandomPurpose.Initialize, layer, 0);
            float range = (float)Math.Sqrt(6.0 / ((double)inputs + outputs));
            foreach (ref float weight in weights) weight = ((2 * weight) - 1) * range;
        }
    }
}

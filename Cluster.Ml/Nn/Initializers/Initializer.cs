using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Initializers;

/// <summary>How the weights of a layer start.</summary>
/// <remarks>
/// Equation  He: N(0, 2 / inputs);  Glorot: U(−r, r), r = √(6 / (inputs + outputs));
///           orthogonal: gain·Q, QᵀQ = 1 if there are no more outputs than inputs, else QQᵀ = 1; gain √2 before (leaky) ReLU, else 1
/// Range     weight i depends on (seed, layer, i) alone
/// Source    He et al., "Delving Deep into Rectifiers" (2015), eq. 10; Glorot and Bengio, AISTATS 2010, eq. 16;
///           Saxe et al., ICLR 2014, with He's gain
/// </remarks>
internal abstract class Initializer
{
    private const string He = "he", Glorot = "glorot", AtRightAngles = "orthogonal";

    /// <summary>The names that a job may give.</summary>
    public static readonly IReadOnlyList<string> Names = [He, Glorot, AtRightAngles];

    /// <summary>All zero: if the problem is convex, randomness has nothing to add.</summary>
    public static readonly Initializer Zero = new ZeroStart();

    /// <summary>Normal numbers whose variance keeps that of a rectified layer.</summary>
    public static readonly Initializer HeNormal = new HeStart();

    /// <summary>Uniform numbers whose variance keeps that of a linear layer, forward and backward.</summary>
    public static readonly Initializer GlorotUniform = new GlorotStart();

    /// <summary>Directions that are at right angles to each other, so that none is stretched or lost.</summary>
    public static readonly Initializer Orthogonal = new OrthogonalStart(1);

    /// <summary>The same before a rectifier, which lets half of the variance through.</summary>
    public static readonly Initializer OrthogonalBeforeRelu = new OrthogonalStart(Math.Sqrt(2));

    /// <summary>The start of this name before an activation; without a name what suits the activation.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Initializer Named(string? name, Activation activation) => name switch
    {
        He => HeNormal,
        Glorot => GlorotUniform,
        AtRightAngles => activation.Rectifies ? OrthogonalBeforeRelu : Orthogonal,
        null => activation.Rectifies ? HeNormal : GlorotUniform,
        _ => throw new ArgumentException($"Initializer: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name)),
    };

    /// <summary>Fills the weights of a layer.</summary>
    /// <param name="weights">[inputs × units] by rows.</param>
    /// <param name="inputs">Numbers that one unit reads.</param>
    /// <param name="outputs">Numbers that read one input.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="layer">The layer's number in the model.</param>
    public abstract void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer);

    private sealed class ZeroStart : Initializer
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer) => weights.Clear();
    }

    private sealed class HeStart : Initializer
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer)
        {
            Philox.FillGaussian(weights, seed, RandomPurpose.Initialize, layer, 0);
            float deviation = (float)Math.Sqrt(2.0 / inputs);
            foreach (ref float weight in weights) weight *= deviation;
        }
    }

    private sealed class GlorotStart : Initializer
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer)
        {
            Philox.FillUniform(weights, seed, RandomPurpose.Initialize, layer, 0);
            float range = (float)Math.Sqrt(6.0 / ((double)inputs + outputs));
            foreach (ref float weight in weights) weight = ((2 * weight) - 1) * range;
        }
    }

    private sealed class OrthogonalStart(double gain) : Initializer
    {
        public override void Fill(Span<float> weights, int inputs, int outputs, ulong seed, int layer)
        {
            int units = weights.Length / inputs;
            bool tall = units <= inputs;
            double[][] rows = OrthonormalRows.Draw(
                Math.Min(units, inputs), Math.Max(units, inputs), row => RandomStream.At(seed, RandomPurpose.InitializeOrthogonal, layer, row));
            for (int i = 0; i < inputs; i++)
                for (int j = 0; j < units; j++) weights[(i * units) + j] = (float)(gain * (tall ? rows[j][i] : rows[i][j]));
        }
    }
}

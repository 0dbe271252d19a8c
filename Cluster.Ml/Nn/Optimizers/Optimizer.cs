using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>An update rule: how a gradient changes parameters and the optimizer state beside them.</summary>
/// <remarks>
/// Shapes  parameters, gradient [n]; optimizer state: <see cref="OptimizerStatePerParameter"/> vectors, of which the same n places are given
/// Range   place i depends on place i alone, so a vector may be updated in parts; the same bits at every vector width
/// </remarks>
internal abstract unsafe class Optimizer
{
    /// <summary>Numbers kept for every parameter between steps: 0, 1 or 2.</summary>
    public abstract int OptimizerStatePerParameter { get; }

    /// <summary>Updates a part of the parameters.</summary>
    /// <param name="parameters">[n], read.</param>
    /// <param name="next">[n], overwritten; may be the same place.</param>
    /// <param name="gradientSum">[n], the sum over examples.</param>
    /// <param name="first">[n] or empty: the first vector of optimizer state, changed.</param>
    /// <param name="second">[n] or empty: the second vector of optimizer state, changed.</param>
    /// <param name="rule">What turns the sum into the gradient, and which step this is.</param>
    public void Update(
        ReadOnlySpan<float> parameters, Span<float> next, ReadOnlySpan<float> gradientSum, Span<float> first, Span<float> second, in UpdateRule rule) =>
        Update(parameters, next, gradientSum, first, second, rule, LaneWidths.Widest);

    /// <summary>The same at a given width.</summary>
    internal void Update(
        ReadOnlySpan<float> parameters, Span<float> next, ReadOnlySpan<float> gradientSum, Span<float> first, Span<float> second, in UpdateRule rule,
        LaneWidth width)
    {
        fixed (float* w = parameters, to = next, g = gradientSum, m = first, v = second)
        {
            int n = parameters.Length;
            int done = width switch
            {
                LaneWidth.Bits512 => Sweep<Lanes512<float>, Vector512<float>>(w, to, g, m, v, 0, n, rule),
                LaneWidth.Bits256 => Sweep<Lanes256<float>, Vector256<float>>(w, to, g, m, v, 0, n, rule),
                LaneWidth.Bits128 => Sweep<Lanes128<float>, Vector128<float>>(w, to, g, m, v, 0, n, rule),
                _ => 0,
            };
            Sweep<Lanes1<float>, float>(w, to, g, m, v, done, n, rule);
        }
    }

    /// <summary>Updates the places from <paramref name="start"/> on, as many as whole vectors of the width hold.</summary>
    /// <returns>The first place that is left.</returns>
    protected abstract int Sweep<TLanes, TVector>(
        float* w, float* next, float* sum, float* first, float* second, int start, int end, in UpdateRule rule)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged;
}

/// <summary>How a sum over examples becomes the gradient of the mean loss with its penalties.</summary>
/// <remarks>Equation  g = sum·Scale + L1·sign(w) + 2·L2·w</remarks>
/// <param name="Step">Steps of this optimizer since the start of training, from 0.</param>
/// <param name="Scale">One over the number of examples, and less if the gradient is clipped.</param>
/// <param name="L1">Weight of the absolute values; 0 for biases.</param>
/// <param name="L2">Weight of the squares; 0 for biases.</param>
/// <param name="RateFactor">What the schedule multiplies the learning rate by.</param>
internal readonly record struct UpdateRule(long Step, float Scale, float L1, float L2, double RateFactor = 1);

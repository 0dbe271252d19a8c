using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <remarks>
/// Update   v ← μ·v + g;  w ← w − η·v
/// State    v, 4 bytes a parameter; none where μ = 0
/// Defaults μ = 0
/// Source   Sutskever et al., ICML 2013, in the form that PyTorch's SGD has (no dampening)
/// Differs  from the paper in that the rate multiplies v and not g, which matters only where the rate changes
/// </remarks>
internal sealed unsafe class Sgd(double rate, double momentum) : Optimizer
{
    public override int MemoryPerParameter => momentum == 0 ? 0 : 1;

    public override void Update(
        Span<float> parameters, ReadOnlySpan<float> gradientSum, Span<float> first, Span<float> second, in UpdateRule rule) =>
        Update(parameters, gradientSum, first, rule, LaneWidths.Widest);

    internal void Update(Span<float> parameters, ReadOnlySpan<float> gradientSum, Span<float> velocity, in UpdateRule rule, LaneWidth width)
    {
        fixed (float* w = parameters, g = gradientSum, v = velocity)
        {
            int n = parameters.Length;
            int done = width switch
            {
                LaneWidth.Bits512 => Sweep<Lanes512<float>, Vector512<float>>(w, g, v, 0, n, rule),
                LaneWidth.Bits256 => Sweep<Lanes256<float>, Vector256<float>>(w, g, v, 0, n, rule),
                LaneWidth.Bits128 => Sweep<Lanes128<float>, Vector128<float>>(w, g, v, 0, n, rule),
                _ => 0,
            };
            Sweep<Lanes1<float>, float>(w, g, v, done, n, rule);
        }
    }

    private int Sweep<TLanes, TVector>(float* w, float* sum, float* v, int start, int end, in UpdateRule rule)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        Penalty<TLanes, TVector> penalty = new(rule);
        TVector negativeRate = TLanes.Broadcast((float)-rate), mu = TLanes.Broadcast((float)momentum);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i);
            TVector step = penalty.Gradient(TLanes.Load(sum + i), weight);
            if (v != null)
            {
                step = TLanes.Fma(mu, TLanes.Load(v + i), step);
                TLanes.Store(v + i, step);
            }
            TLanes.Store(w + i, TLanes.Fma(negativeRate, step, weight));
        }
        return i;
    }
}

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>RMSProp: steps divided by the root of a running mean of squared gradients.</summary>
/// <remarks>
/// Update   v ← α·v + (1 − α)·g²;  d = g / (√v + ε);  u ← μ·u + d;  w ← w − η·u
/// State    v, and u where μ ≠ 0: 4 or 8 bytes a parameter
/// Defaults η = 0.01, α = 0.99, ε = 10⁻⁸, μ = 0: PyTorch's
/// Source   Tieleman and Hinton, "Lecture 6.5 — RMSProp" (2012); ε is added where PyTorch adds it, outside the root; not centred
/// </remarks>
internal sealed unsafe class RmsProp(double rate, double decay, double epsilon, double momentum) : Optimizer
{
    public override int MemoryPerParameter => momentum == 0 ? 1 : 2;

    protected override int Sweep<TLanes, TVector>(float* w, float* next, float* sum, float* v, float* u, int start, int end, in UpdateRule rule)
    {
        Penalty<TLanes, TVector> penalty = new(rule);
        TVector negativeRate = TLanes.Broadcast((float)(-rate * rule.RateFactor)), mu = TLanes.Broadcast((float)momentum);
        TVector alpha = TLanes.Broadcast((float)decay), oneLess = TLanes.Broadcast((float)(1 - decay)), small = TLanes.Broadcast((float)epsilon);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i), g = penalty.Gradient(TLanes.Load(sum + i), weight);
            TVector square = TLanes.Fma(TLanes.Multiply(oneLess, g), g, TLanes.Multiply(alpha, TLanes.Load(v + i)));
            TLanes.Store(v + i, square);
            TVector step = TLanes.Divide(g, TLanes.Add(TLanes.Sqrt(square), small));
            if (u != null)
            {
                step = TLanes.Fma(mu, TLanes.Load(u + i), step);
                TLanes.Store(u + i, step);
            }
            TLanes.Store(next + i, TLanes.Fma(negativeRate, step, weight));
        }
        return i;
    }
}

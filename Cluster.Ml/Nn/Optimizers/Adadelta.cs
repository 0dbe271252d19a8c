namespace Cluster.Ml.Nn.Optimizers;

/// <summary>Adadelta: steps in the units of the parameters, by the ratio of two running means of squares.</summary>
/// <remarks>
/// Update   v ← ρ·v + (1 − ρ)·g²;  d = √(u + ε) / √(v + ε) · g;  u ← ρ·u + (1 − ρ)·d²;  w ← w − η·d
/// State    v and u, 8 bytes a parameter
/// Defaults η = 1, ρ = 0.9, ε = 10⁻⁶: PyTorch's
/// Source   Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012), algorithm 1
/// Differs  from the paper in the rate η, which is 1 there
/// </remarks>
internal sealed unsafe class Adadelta(double rate, double decay, double epsilon) : Optimizer
{
    public override int MemoryPerParameter => 2;

    protected override int Sweep<TLanes, TVector>(float* w, float* next, float* sum, float* v, float* u, int start, int end, in UpdateRule rule)
    {
        Penalty<TLanes, TVector> penalty = new(rule);
        TVector negativeRate = TLanes.Broadcast((float)(-rate * rule.RateFactor));
        TVector rho = TLanes.Broadcast((float)decay), oneLess = TLanes.Broadcast((float)(1 - decay)), small = TLanes.Broadcast((float)epsilon);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i), change = TLanes.Load(u + i), g = penalty.Gradient(TLanes.Load(sum + i), weight);
            TVector square = TLanes.Fma(TLanes.Multiply(oneLess, g), g, TLanes.Multiply(rho, TLanes.Load(v + i)));
            TVector step = TLanes.Multiply(TLanes.Divide(TLanes.Sqrt(TLanes.Add(change, small)), TLanes.Sqrt(TLanes.Add(square, small))), g);
            TLanes.Store(v + i, square);
            TLanes.Store(u + i, TLanes.Fma(TLanes.Multiply(oneLess, step), step, TLanes.Multiply(rho, change)));
            TLanes.Store(next + i, TLanes.Fma(negativeRate, step, weight));
        }
        return i;
    }
}

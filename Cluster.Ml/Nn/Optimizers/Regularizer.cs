using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>The gradient of the mean loss with its penalties, for one vector of parameters.</summary>
internal readonly struct Regularizer<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, float>
    where TVector : unmanaged
{
    private readonly TVector _scale;
    private readonly TVector _l1;
    private readonly TVector _twiceL2;

    public Regularizer(in UpdateRule rule)
    {
        _scale = TLanes.Broadcast(rule.Scale);
        _l1 = TLanes.Broadcast(rule.L1);
        _twiceL2 = TLanes.Broadcast(2 * rule.L2);
    }

    /// <summary>sum·scale + L1·sign(w) + 2·L2·w, with sign(0) = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient(TVector sum, TVector weight)
    {
        TVector zero = TLanes.Broadcast(0f);
        TVector sign = TLanes.Subtract(
            TLanes.And(TLanes.LessThan(zero, weight), _l1), TLanes.And(TLanes.LessThan(weight, zero), _l1));
        return TLanes.Fma(weight, _twiceL2, TLanes.Add(TLanes.Multiply(sum, _scale), sign));
    }
}

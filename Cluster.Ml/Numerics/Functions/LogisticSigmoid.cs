using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Functions;

/// <summary>The logistic function 1 / (1 + e⁻ˣ) of floats.</summary>
/// <remarks>
/// Equation  t = e^(−|x|);  x ≥ 0: 1 / (1 + t);  x &lt; 0: t / (1 + t)
/// Range     all floats; small results keep their relative precision, NaN gives NaN
/// </remarks>
internal readonly struct LogisticSigmoidFloat : IMap<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector one = TLanes.Broadcast(1f);
        TVector t = ExponentialFloat.Apply<TLanes, TVector>(TLanes.Or(x, TLanes.Bits(0x80000000L)));
        TVector top = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0f)), t, one);
        return TLanes.Divide(top, TLanes.Add(one, t));
    }
}

/// <summary>The logistic function 1 / (1 + e⁻ˣ) of doubles; see <see cref="LogisticSigmoidFloat"/>.</summary>
internal readonly struct LogisticSigmoidDouble : IMap<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector one = TLanes.Broadcast(1.0);
        TVector t = ExponentialDouble.Apply<TLanes, TVector>(TLanes.Or(x, TLanes.Bits(long.MinValue)));
        TVector top = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0.0)), t, one);
        return TLanes.Divide(top, TLanes.Add(one, t));
    }
}

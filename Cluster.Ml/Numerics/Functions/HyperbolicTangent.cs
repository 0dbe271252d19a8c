using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Functions;

/// <summary>tanh x of floats.</summary>
/// <remarks>
/// Equation  |x| &lt; 0.625: x + x³·P(x²);  otherwise sign(x)·(1 − 2 / (e^(2|x|) + 1))
/// Range     all floats; ±∞ gives ±1, NaN gives NaN, −0 gives −0
/// Source    Moshier's Cephes, tanhf
/// </remarks>
internal readonly struct HyperbolicTangentFloat : IMap<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector signBit = TLanes.Bits(0x80000000L);
        TVector sign = TLanes.And(x, signBit);
        TVector magnitude = TLanes.Xor(x, sign);

        TVector z = TLanes.Multiply(x, x);
        TVector p = TLanes.Broadcast(-5.70498872745e-3f);
        p = TLanes.Fma(p, z, TLanes.Broadcast(2.06390887954e-2f));
        p = TLanes.Fma(p, z, TLanes.Broadcast(-5.37397155531e-2f));
        p = TLanes.Fma(p, z, TLanes.Broadcast(1.33314422036e-1f));
        p = TLanes.Fma(p, z, TLanes.Broadcast(-3.33332819422e-1f));
        TVector near = TLanes.Fma(TLanes.Multiply(p, z), x, x);

        TVector one = TLanes.Broadcast(1f);
        TVector e = ExponentialFloat.Apply<TLanes, TVector>(TLanes.Add(magnitude, magnitude));
        TVector far = TLanes.Subtract(one, TLanes.Divide(TLanes.Broadcast(2f), TLanes.Add(e, one)));

        return TLanes.Select(TLanes.LessThan(magnitude, TLanes.Broadcast(0.625f)), TLanes.Or(TLanes.And(near, TLanes.Bits(0x7FFFFFFF)), sign), TLanes.Or(far, sign));
    }
}

using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Numerics.Functions;

/// <summary>sin 2πu and cos 2πu of whole and broken turns u, of floats.</summary>
/// <remarks>
/// Equation  u = q/4 + f, |f| ≤ ⅛;  the sine and cosine of 2πf by polynomials, then swapped and signed by q mod 4
/// Range     |u| ≤ 2²⁰; the reduction is exact, so the error does not grow with u
/// Source    polynomials of Moshier's Cephes, sinf and cosf
/// </remarks>
internal static class SineCosineFloat
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Sine, TVector Cosine) Turns<TLanes, TVector>(TVector u)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector magic = TLanes.Broadcast(12582912f);
        TVector shifted = TLanes.Fma(u, TLanes.Broadcast(4f), magic);
        TVector f = TLanes.Fma(TLanes.Subtract(shifted, magic), TLanes.Broadcast(-0.25f), u);
        TVector x = TLanes.Multiply(f, TLanes.Broadcast(6.2831853071795865f));
        TVector z = TLanes.Multiply(x, x);

        TVector s = TLanes.Broadcast(-1.9515295891e-4f);
        s = TLanes.Fma(s, z, TLanes.Broadcast(8.3321608736e-3f));
        s = TLanes.Fma(s, z, TLanes.Broadcast(-1.6666654611e-1f));
        s = TLanes.Fma(TLanes.Multiply(s, z), x, x);

        TVector c = TLanes.Broadcast(2.443315711809948e-5f);
        c = TLanes.Fma(c, z, TLanes.Broadcast(-1.388731625493765e-3f));
        c = TLanes.Fma(c, z, TLanes.Broadcast(4.166664568298827e-2f));
        c = TLanes.Fma(c, z, TLanes.Broadcast(-0.5f));
        c = TLanes.Fma(c, z, TLanes.Broadcast(1f));

        TVector odd = TLanes.ShiftRight(TLanes.ShiftLeft(shifted, 31), 31);
        TVector sine = TLanes.Select(odd, c, s);
        TVector cosine = TLanes.Select(odd, s, c);
        TVector signBit = TLanes.Bits(0x80000000L);
        sine = TLanes.Xor(sine, TLanes.And(TLanes.ShiftLeft(shifted, 30), signBit));
        cosine = TLanes.Xor(cosine, TLanes.And(TLanes.ShiftLeft(TLanes.AddBits(shifted, TLanes.Bits(1)), 30), signBit));
        return (sine, cosine);
    }
}

/// <summary>sin 2πu and cos 2πu of doubles; see <see cref="SineCosineFloat"/>.</summary>
/// <remarks>
/// Range     |u| ≤ 2⁴⁹
/// Source    polynomials of Moshier's Cephes, sin and cos
/// </remarks>
internal static class SineCosineDouble
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Sine, TVector Cosine) Turns<TLanes, TVector>(TVector u)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector magic = TLanes.Broadcast(6755399441055744.0);
        TVector shifted = TLanes.Fma(u, TLanes.Broadcast(4.0), magic);
        TVector f = TLanes.Fma(TLanes.Subtract(shifted, magic), TLanes.Broadcast(-0.25), u);
        TVector x = TLanes.Multiply(f, TLanes.Broadcast(6.283185307179586));
        TVector z = TLanes.Multiply(x, x);

        TVector s = TLanes.Broadcast(1.58962301576546568060e-10);
        s = TLanes.Fma(s, z, TLanes.Broadcast(-2.50507477628578072866e-8));
        s = TLanes.Fma(s, z, TLanes.Broadcast(2.75573136213857245213e-6));
        s = TLanes.Fma(s, z, TLanes.Broadcast(-1.98412698295895385996e-4));
        s = TLanes.Fma(s, z, TLanes.Broadcast(8.33333333332211858878e-3));
        s = TLanes.Fma(s, z, TLanes.Broadcast(-1.66666666666666307295e-1));
        s = TLanes.Fma(TLanes.Multiply(s, z), x, x);

        TVector c = TLanes.Broadcast(-1.13585365213876817300e-11);
        c = TLanes.Fma(c, z, TLanes.Broadcast(2.08757008419747316778e-9));
        c = TLanes.Fma(c, z, TLanes.Broadcast(-2.75573141792967388112e-7));
        c = TLanes.Fma(c, z, TLanes.Broadcast(2.48015872888517045348e-5));
        c = TLanes.Fma(c, z, TLanes.Broadcast(-1.38888888888730564116e-3));
        c = TLanes.Fma(c, z, TLanes.Broadcast(4.16666666666665929218e-2));
        c = TLanes.Fma(c, z, TLanes.Broadcast(-0.5));
        c = TLanes.Fma(c, z, TLanes.Broadcast(1.0));

        TVector odd = TLanes.ShiftRight(TLanes.ShiftLeft(shifted, 63), 63);
        TVector sine = TLanes.Select(odd, c, s);
        TVector cosine = TLanes.Select(odd, s, c);
        TVector signBit = TLanes.Bits(long.MinValue);
        sine = TLanes.Xor(sine, TLanes.And(TLanes.ShiftLeft(shifted, 62), signBit));
        cosine = TLanes.Xor(cosine, TLanes.And(TLanes.ShiftLeft(TLanes.AddBits(shifted, TLanes.Bits(1)), 62), signBit));
        return (sine, cosine);
    }
}

using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Functions;

/// <summary>ln x of floats.</summary>
/// <remarks>
/// Equation  x = 2ᵉ·m, √½ ≤ m &lt; √2;  ln x = e·ln 2 + f − ½f² + f³·P(f),  f = m − 1
/// Range     all floats: 0 gives −∞, +∞ gives +∞, negative numbers and NaN give NaN, subnormal numbers are exact inputs
/// Source    Moshier's Cephes, logf
/// </remarks>
internal readonly struct LogarithmFloat : IMap<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector small = TLanes.LessThan(x, TLanes.Broadcast(1.17549435e-38f));
        TVector scaled = TLanes.Select(small, TLanes.Multiply(x, TLanes.Broadcast(8388608f)), x);

        // Counting exponents from √½ puts every m into [√½, √2).
        TVector offset = TLanes.SubtractBits(scaled, TLanes.Bits(0x3F3504F3));
        TVector exponent = TLanes.ShiftRight(offset, 23);
        TVector m = TLanes.SubtractBits(scaled, TLanes.ShiftLeft(exponent, 23));
        TVector e = TLanes.Subtract(TLanes.FromInteger(exponent), TLanes.And(small, TLanes.Broadcast(23f)));
        TVector f = TLanes.Subtract(m, TLanes.Broadcast(1f));

        TVector p = TLanes.Broadcast(7.0376836292e-2f);
        p = TLanes.Fma(p, f, TLanes.Broadcast(-1.1514610310e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.1676998740e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(-1.2420140846e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.4249322787e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(-1.6668057665e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(2.0000714765e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(-2.4999993993e-1f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(3.3333331174e-1f));

        TVector square = TLanes.Multiply(f, f);
        TVector y = TLanes.Multiply(TLanes.Multiply(f, square), p);
        y = TLanes.Fma(e, TLanes.Broadcast(-2.12194440e-4f), y);
        y = TLanes.Fma(square, TLanes.Broadcast(-0.5f), y);
        y = TLanes.Fma(e, TLanes.Broadcast(0.693359375f), TLanes.Add(f, y));

        TVector infinity = TLanes.Broadcast(float.PositiveInfinity);
        y = TLanes.Select(TLanes.LessThan(x, infinity), y, x);                                        // +∞ and NaN stay
        y = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(float.Epsilon)), TLanes.Broadcast(float.NegativeInfinity), y);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0f)), TLanes.Broadcast(float.NaN), y);
    }
}

/// <summary>ln x of doubles.</summary>
/// <remarks>
/// Equation  x = 2ᵉ·(1 + f);  ln(1 + f) = f − ½f² + s·(½f² + R(s²)),  s = f / (2 + f)
/// Range     all doubles: 0 gives −∞, +∞ gives +∞, negative numbers and NaN give NaN, subnormal numbers are exact inputs
/// Source    Sun's fdlibm, e_log.c
/// </remarks>
internal readonly struct LogarithmDouble : IMap<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector small = TLanes.LessThan(x, TLanes.Broadcast(2.2250738585072014e-308));
        TVector scaled = TLanes.Select(small, TLanes.Multiply(x, TLanes.Broadcast(4503599627370496.0)), x);

        TVector offset = TLanes.SubtractBits(scaled, TLanes.Bits(0x3FE6A09E667F3BCD));
        TVector exponent = TLanes.ShiftRight(offset, 52);
        TVector m = TLanes.SubtractBits(scaled, TLanes.ShiftLeft(exponent, 52));
        TVector e = TLanes.Subtract(TLanes.FromInteger(exponent), TLanes.And(small, TLanes.Broadcast(52.0)));
        TVector f = TLanes.Subtract(m, TLanes.Broadcast(1.0));

        TVector s = TLanes.Divide(f, TLanes.Add(TLanes.Broadcast(2.0), f));
        TVector r = Remainder<TLanes, TVector>(TLanes.Multiply(s, s));

        TVector half = TLanes.Multiply(TLanes.Broadcast(0.5), TLanes.Multiply(f, f));
        TVector low = TLanes.Fma(e, TLanes.Broadcast(1.90821492927058770002e-10), TLanes.Multiply(s, TLanes.Add(half, r)));
        TVector y = TLanes.Subtract(f, TLanes.Subtract(half, low));
        y = TLanes.Fma(e, TLanes.Broadcast(6.93147180369123816490e-01), y);

        y = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(double.PositiveInfinity)), y, x);
        y = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(double.Epsilon)), TLanes.Broadcast(double.NegativeInfinity), y);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0.0)), TLanes.Broadcast(double.NaN), y);
    }

    /// <summary>R(z) of the equation, for z = s² of f in [√½ − 1, √2 − 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Remainder<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector r = TLanes.Broadcast(1.479819860511658591e-01);
        r = TLanes.Fma(r, z, TLanes.Broadcast(1.531383769920937332e-01));
        r = TLanes.Fma(r, z, TLanes.Broadcast(1.818357216161805012e-01));
        r = TLanes.Fma(r, z, TLanes.Broadcast(2.222219843214978396e-01));
        r = TLanes.Fma(r, z, TLanes.Broadcast(2.857142874366239149e-01));
        r = TLanes.Fma(r, z, TLanes.Broadcast(3.999999999940941908e-01));
        r = TLanes.Fma(r, z, TLanes.Broadcast(6.666666666666735130e-01));
        return TLanes.Multiply(r, z);
    }
}

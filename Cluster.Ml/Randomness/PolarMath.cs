using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Randomness;

/// <summary>The logarithm, sine and cosine that random numbers are made with: the same bits on every processor.</summary>
/// <remarks>
/// Range     each lane is computed alone by the same FMAs, so lanes, widths and machines agree; error below 1 ulp of the
///           result's scale (PolarMathTests)
/// Source    polynomials of Sun's fdlibm 5.3: e_log.c, k_sin.c, k_cos.c
/// Differs   from Math.Log and Math.Sin, which are those of the platform
/// </remarks>
internal static class PolarMath
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>ln x for positive, finite, normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        // x = 2ᵏ·m with m in [√½, √2): the constant is what lies between the bits of 1 and of √½.
        TVector shifted = TLanes.AddBits(x, TLanes.Bits(0x3FF0_0000_0000_0000 - 0x3FE6_A09E_0000_0000));
        TVector k = TLanes.Subtract(TLanes.FromInteger(TLanes.ShiftRight(shifted, 52)), TLanes.Broadcast(1023.0));
        TVector m = TLanes.AddBits(TLanes.And(shifted, TLanes.Bits(0x000F_FFFF_FFFF_FFFF)), TLanes.Bits(0x3FE6_A09E_0000_0000));

        TVector f = TLanes.Subtract(m, TLanes.Broadcast(1.0));
        TVector s = TLanes.Divide(f, TLanes.Add(f, TLanes.Broadcast(2.0)));
        TVector r = LogarithmDouble.Remainder<TLanes, TVector>(TLanes.Multiply(s, s));
        TVector half = TLanes.Multiply(TLanes.Multiply(f, f), TLanes.Broadcast(0.5));
        TVector tail = TLanes.Fma(s, TLanes.Add(half, r), TLanes.Multiply(k, TLanes.Broadcast(Ln2Low)));
        return TLanes.Fma(k, TLanes.Broadcast(Ln2High), TLanes.Subtract(f, TLanes.Subtract(half, tail)));
    }

    /// <summary>sin 2πv and cos 2πv for v in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Sin, TVector Cos) SinCosTurns<TLanes, TVector>(TVector v)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        // To the nearest quarter turn (exact), then x in [−π/4, π/4]. Adding 2⁵² rounds to a whole number, which is then in the bits.
        TVector magic = TLanes.Broadcast(4503599627370496.0);
        TVector quarters = TLanes.Add(TLanes.Multiply(v, TLanes.Broadcast(4.0)), magic);
        TVector turned = TLanes.Subtract(v, TLanes.Multiply(TLanes.Subtract(quarters, magic), TLanes.Broadcast(0.25)));
        TVector x = TLanes.Multiply(turned, TLanes.Broadcast(2 * Math.PI));

        TVector z = TLanes.Multiply(x, x);
        TVector p = TLanes.Broadcast(1.58969099521155010221e-10);
        p = TLanes.Fma(p, z, TLanes.Broadcast(-2.50507602534068634195e-08));
        p = TLanes.Fma(p, z, TLanes.Broadcast(2.75573137070700676789e-06));
        p = TLanes.Fma(p, z, TLanes.Broadcast(-1.98412698298579493134e-04));
        p = TLanes.Fma(p, z, TLanes.Broadcast(8.33333333332248946124e-03));
        p = TLanes.Fma(p, z, TLanes.Broadcast(-1.66666666666666324348e-01));
        TVector sin = TLanes.Fma(TLanes.Multiply(x, z), p, x);

        TVector q = TLanes.Broadcast(-1.13596475577881948265e-11);
        q = TLanes.Fma(q, z, TLanes.Broadcast(2.08757232129817482790e-09));
        q = TLanes.Fma(q, z, TLanes.Broadcast(-2.75573143513906633035e-07));
        q = TLanes.Fma(q, z, TLanes.Broadcast(2.48015872894767294178e-05));
        q = TLanes.Fma(q, z, TLanes.Broadcast(-1.38888888888741095749e-03));
        q = TLanes.Fma(q, z, TLanes.Broadcast(4.16666666666666019037e-02));
        TVector cos = TLanes.Fma(TLanes.Multiply(z, z), q, TLanes.Fma(z, TLanes.Broadcast(-0.5), TLanes.Broadcast(1.0)));

        // Odd quadrants swap the two; sin is negative in quadrants 2 and 3, cos in 1 and 2.
        TVector one = TLanes.Bits(1), two = TLanes.Bits(2);
        TVector odd = TLanes.SubtractBits(TLanes.Bits(0), TLanes.And(quarters, one));
        TVector sinSign = TLanes.ShiftLeft(TLanes.And(quarters, two), 62);
        TVector cosSign = TLanes.ShiftLeft(TLanes.And(TLanes.AddBits(quarters, one), two), 62);
        return (TLanes.Xor(TLanes.Select(odd, cos, sin), sinSign), TLanes.Xor(TLanes.Select(odd, sin, cos), cosSign));
    }

    /// <summary>ln x of one number that is positive, finite and normal.</summary>
    public static double Log(double x) => Log<Lanes1<double>, double>(x);

    /// <summary>sin 2πv and cos 2πv of one number in [0, 1).</summary>
    public static (double Sin, double Cos) SinCosTurns(double v) => SinCosTurns<Lanes1<double>, double>(v);

    /// <summary>sin x and cos x of one number of radians; at most 3·10⁻¹⁵ from them up to |x| = 10 (PolarMathTests).</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        double turns = x * (1 / (2 * Math.PI)), part = turns - Math.Floor(turns);
        return SinCosTurns(part < 1 ? part : 0);                // a tiny negative number of turns rounds up to a whole one
    }

    /// <summary>cos 2πv for v in [0, 1).</summary>
    public static double CosTurns(double v) => SinCosTurns(v).Cos;
}

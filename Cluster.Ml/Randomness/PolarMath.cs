using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    public static Vector256<double> Log(Vector256<double> x)
    {
        // x = 2ᵏ·m with m in [√½, √2): the constant is what lies between the bits of 1 and of √½.
        Vector256<ulong> shifted = x.AsUInt64() + Vector256.Create(0x3FF0_0000_0000_0000UL - 0x3FE6_A09E_0000_0000UL);
        Vector256<double> k = ToDouble(shifted >>> 52) - Vector256.Create(1023.0);
        Vector256<double> m = ((shifted & Vector256.Create(0x000F_FFFF_FFFF_FFFFUL)) + Vector256.Create(0x3FE6_A09E_0000_0000UL)).AsDouble();

        Vector256<double> f = m - Vector256<double>.One;
        Vector256<double> s = f / (f + Vector256.Create(2.0));
        Vector256<double> z = s * s;
        Vector256<double> r = Vector256.Create(1.479819860511658591e-01);
        r = Step(r, z, 1.531383769920937332e-01);
        r = Step(r, z, 1.818357216161805012e-01);
        r = Step(r, z, 2.222219843214978396e-01);
        r = Step(r, z, 2.857142874366239149e-01);
        r = Step(r, z, 3.999999999940941908e-01);
        r = Step(r, z, 6.666666666666735130e-01);
        r *= z;
        Vector256<double> half = f * f * 0.5;
        Vector256<double> tail = Vector256.FusedMultiplyAdd(s, half + r, k * Ln2Low);
        return Vector256.FusedMultiplyAdd(k, Vector256.Create(Ln2High), f - (half - tail));
    }

    /// <summary>sin 2πv and cos 2πv for v in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Sin, Vector256<double> Cos) SinCosTurns(Vector256<double> v)
    {
        // To the nearest quarter turn (exact), then x in [−π/4, π/4]. Adding 2⁵² rounds to a whole number.
        Vector256<double> magic = Vector256.Create(4503599627370496.0);
        Vector256<double> quarters = (v * 4.0) + magic;
        Vector256<ulong> quadrant = quarters.AsUInt64();
        Vector256<double> x = (v - ((quarters - magic) * 0.25)) * (2 * Math.PI);

        Vector256<double> z = x * x;
        Vector256<double> p = Vector256.Create(1.58969099521155010221e-10);
        p = Step(p, z, -2.50507602534068634195e-08);
        p = Step(p, z, 2.75573137070700676789e-06);
        p = Step(p, z, -1.98412698298579493134e-04);
        p = Step(p, z, 8.33333333332248946124e-03);
        p = Step(p, z, -1.66666666666666324348e-01);
        Vector256<double> sin = Vector256.FusedMultiplyAdd(x * z, p, x);

        Vector256<double> q = Vector256.Create(-1.13596475577881948265e-11);
        q = Step(q, z, 2.08757232129817482790e-09);
        q = Step(q, z, -2.75573143513906633035e-07);
        q = Step(q, z, 2.48015872894767294178e-05);
        q = Step(q, z, -1.38888888888741095749e-03);
        q = Step(q, z, 4.16666666666666019037e-02);
        Vector256<double> cos = Vector256.FusedMultiplyAdd(z * z, q, Vector256.FusedMultiplyAdd(z, Vector256.Create(-0.5), Vector256<double>.One));

        // Odd quadrants swap the two; sin is negative in quadrants 2 and 3, cos in 1 and 2.
        Vector256<ulong> odd = Vector256<ulong>.Zero - (quadrant & Vector256<ulong>.One);
        Vector256<ulong> sinSign = (quadrant & Vector256.Create(2UL)) << 62;
        Vector256<ulong> cosSign = ((quadrant + Vector256<ulong>.One) & Vector256.Create(2UL)) << 62;
        Vector256<ulong> sinBits = Vector256.ConditionalSelect(odd, cos.AsUInt64(), sin.AsUInt64()) ^ sinSign;
        Vector256<ulong> cosBits = Vector256.ConditionalSelect(odd, sin.AsUInt64(), cos.AsUInt64()) ^ cosSign;
        return (sinBits.AsDouble(), cosBits.AsDouble());
    }

    /// <summary>cos 2πv for v in [0, 1).</summary>
    public static double CosTurns(double v) => SinCosTurns(Vector256.Create(v)).Cos.ToScalar();

    /// <summary>Whole numbers below 2⁵² as doubles, exactly, without the conversion that only AVX-512 has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToDouble(Vector256<ulong> whole)
    {
        Vector256<double> magic = Vector256.Create(4503599627370496.0);
        return (whole | magic.AsUInt64()).AsDouble() - magic;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Step(Vector256<double> sum, Vector256<double> z, double coefficient) =>
        Vector256.FusedMultiplyAdd(sum, z, Vector256.Create(coefficient));
}

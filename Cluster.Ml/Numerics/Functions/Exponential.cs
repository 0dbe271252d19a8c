using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Functions;

/// <summary>eˣ of floats.</summary>
/// <remarks>
/// Equation  x = n·ln 2 + r, |r| ≤ ½ ln 2;  eˣ = 2ⁿ·P(r)
/// Range     all floats: ≥ 88.72284 gives +∞, ≤ −103.98 gives 0, NaN gives NaN; subnormal results are rounded once more
/// Source    range reduction of Cody and Waite (1980); polynomial of Moshier's Cephes, expf
/// </remarks>
internal readonly struct ExponentialFloat : IMap<float>
{
    private const float Overflow = 88.72284f, Underflow = -103.98f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector magic = TLanes.Broadcast(12582912f);                          // 1.5·2²³: its last bits count ones
        TVector shifted = TLanes.Fma(x, TLanes.Broadcast(1.44269504f), magic);
        TVector n = TLanes.Subtract(shifted, magic);
        TVector r = TLanes.Fma(n, TLanes.Broadcast(-0.693359375f), x);
        r = TLanes.Fma(n, TLanes.Broadcast(2.12194440e-4f), r);

        TVector p = TLanes.Broadcast(1.9875691500e-4f);
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.3981999507e-3f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(8.3334519073e-3f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(4.1665795894e-2f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.6666665459e-1f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(5.0000001201e-1f));
        p = TLanes.Fma(TLanes.Multiply(r, r), p, r);
        p = TLanes.Add(p, TLanes.Broadcast(1f));

        // 2ⁿ in two factors, as 2¹²⁸ and 2⁻¹⁵⁰ are not floats of full precision.
        TVector integer = TLanes.SubtractBits(shifted, magic);
        TVector half = TLanes.ShiftRight(integer, 1);
        p = TLanes.Multiply(p, PowerOfTwo<TLanes, TVector>(half));
        p = TLanes.Multiply(p, PowerOfTwo<TLanes, TVector>(TLanes.SubtractBits(integer, half)));

        p = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(Underflow)), TLanes.Broadcast(0f), p);
        return TLanes.Select(TLanes.LessThan(TLanes.Broadcast(Overflow), x), TLanes.Broadcast(float.PositiveInfinity), p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo<TLanes, TVector>(TVector integer)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.ShiftLeft(TLanes.AddBits(integer, TLanes.Bits(127)), 23);
}

/// <summary>eˣ of doubles.</summary>
/// <remarks>
/// Equation  x = n·ln 2 + r, |r| ≤ ½ ln 2;  eˣ = 2ⁿ·Σ rᵏ/k!, k ≤ 13 (what is left out is below 4·10⁻¹⁸)
/// Range     all doubles: ≥ 709.7827 gives +∞, ≤ −745.14 gives 0, NaN gives NaN
/// </remarks>
internal readonly struct ExponentialDouble : IMap<double>
{
    private const double Overflow = 709.782712893384, Underflow = -745.14;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector magic = TLanes.Broadcast(6755399441055744.0);
        TVector shifted = TLanes.Fma(x, TLanes.Broadcast(1.4426950408889634), magic);
        TVector n = TLanes.Subtract(shifted, magic);
        TVector r = TLanes.Fma(n, TLanes.Broadcast(-6.93147180369123816490e-01), x);
        r = TLanes.Fma(n, TLanes.Broadcast(-1.90821492927058770002e-10), r);

        TVector p = TLanes.Broadcast(1.0 / 6227020800);
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 479001600));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 39916800));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 3628800));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 362880));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 40320));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 5040));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 720));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 120));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 24));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.0 / 6));
        p = TLanes.Fma(p, r, TLanes.Broadcast(0.5));
        p = TLanes.Fma(TLanes.Multiply(r, r), p, r);
        p = TLanes.Add(p, TLanes.Broadcast(1.0));

        TVector integer = TLanes.SubtractBits(shifted, magic);
        TVector half = TLanes.ShiftRight(integer, 1);
        p = TLanes.Multiply(p, PowerOfTwo<TLanes, TVector>(half));
        p = TLanes.Multiply(p, PowerOfTwo<TLanes, TVector>(TLanes.SubtractBits(integer, half)));

        p = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(Underflow)), TLanes.Broadcast(0.0), p);
        return TLanes.Select(TLanes.LessThan(TLanes.Broadcast(Overflow), x), TLanes.Broadcast(double.PositiveInfinity), p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo<TLanes, TVector>(TVector integer)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged => TLanes.ShiftLeft(TLanes.AddBits(integer, TLanes.Bits(1023)), 52);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cluster.Ml.Numerics;

/// <summary>Sums and searches along one row, in an order that does not depend on the vector width.</summary>
/// <remarks>
/// Equation  lane l holds the sum of x[l], x[l + 16], x[l + 32], … in that order; then the 16 lanes are added as
///           (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1)
/// Range     what is missing of the last 16 numbers counts as 0
/// </remarks>
internal static unsafe class Reductions
{
    /// <summary>How many running sums a reduction of floats has, at every width.</summary>
    public const int Lanes = 16;

    /// <summary>Σ x[i].</summary>
    public static float Sum(ReadOnlySpan<float> x)
    {
        fixed (float* p = x)
        {
            // What does not fill a vector comes first, here and below: a sum that lives on through a call is not kept in a register.
            Vector512<float> rest = Rest(p, x.Length), sum = Vector512<float>.Zero;
            for (int i = 0; i <= x.Length - Lanes; i += Lanes) sum += Vector512.Load(p + i);
            return Collapse(sum + rest);
        }
    }

    /// <summary>Σ x[i]².</summary>
    public static float SquaredNorm(ReadOnlySpan<float> x)
    {
        fixed (float* p = x)
        {
            Vector512<float> rest = Rest(p, x.Length), sum = Vector512<float>.Zero;
            for (int i = 0; i <= x.Length - Lanes; i += Lanes)
            {
                Vector512<float> v = Vector512.Load(p + i);
                sum = Vector512.FusedMultiplyAdd(v, v, sum);
            }
            return Collapse(Vector512.FusedMultiplyAdd(rest, rest, sum));
        }
    }

    /// <summary>Σ x[i]·y[i].</summary>
    /// <exception cref="ArgumentException">There are fewer of y.</exception>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (y.Length < x.Length) throw new ArgumentException($"Reductions.Dot: wanted at least {x.Length} numbers, got {y.Length}.", nameof(y));
        fixed (float* p = x, q = y)
        {
            Vector512<float> rest = Rest(p, x.Length), other = Rest(q, x.Length), sum = Vector512<float>.Zero;
            for (int i = 0; i <= x.Length - Lanes; i += Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), Vector512.Load(q + i), sum);
            return Collapse(Vector512.FusedMultiplyAdd(rest, other, sum));
        }
    }

    /// <summary>y[i] ← y[i] + x[i].</summary>
    public static void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        fixed (float* source = x, target = y)
        {
            int i = 0;
            for (; i <= x.Length - Lanes; i += Lanes) (Vector512.Load(target + i) + Vector512.Load(source + i)).Store(target + i);
            for (; i < x.Length; i++) target[i] += source[i];
        }
    }

    /// <summary>Whether every number is finite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> x)
    {
        fixed (float* p = x)
        {
            // 0·x is ±0 for finite x and NaN otherwise, and NaN stays. Four chains, so that none waits for the one before.
            Vector512<float> rest = Rest(p, x.Length), bad = Vector512<float>.Zero, second = bad, third = bad, fourth = bad;
            int i = 0;
            for (; i <= x.Length - (4 * Lanes); i += 4 * Lanes)
            {
                bad = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), Vector512<float>.Zero, bad);
                second = Vector512.FusedMultiplyAdd(Vector512.Load(p + i + Lanes), Vector512<float>.Zero, second);
                third = Vector512.FusedMultiplyAdd(Vector512.Load(p + i + (2 * Lanes)), Vector512<float>.Zero, third);
                fourth = Vector512.FusedMultiplyAdd(Vector512.Load(p + i + (3 * Lanes)), Vector512<float>.Zero, fourth);
            }
            for (; i <= x.Length - Lanes; i += Lanes)
                bad = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), Vector512<float>.Zero, bad);
            bad = Vector512.FusedMultiplyAdd(rest, Vector512<float>.Zero, bad) + second + third + fourth;
            return !float.IsNaN(Collapse(bad));
        }
    }

    /// <summary>The index of the largest number; of equals, the first; −1 for an empty row.</summary>
    public static int IndexOfMax(ReadOnlySpan<float> x)
    {
        int best = x.Length - 1;
        for (int i = best - 1; i >= 0; i--)
            if (x[i] >= x[best]) best = i;
        return best;
    }

    /// <summary>x[i] ← x[i]·factor.</summary>
    public static void Scale(Span<float> x, float factor)
    {
        fixed (float* p = x)
        {
            int i = 0;
            for (; i <= x.Length - Lanes; i += Lanes) (Vector512.Load(p + i) * factor).Store(p + i);
            for (; i < x.Length; i++) p[i] *= factor;
        }
    }

    /// <summary>The numbers after the last whole vector, then zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rest(float* x, int length)
    {
        int whole = length & ~(Lanes - 1);
        return whole == length ? Vector512<float>.Zero : Padded(x + whole, length - whole);
    }

    private static Vector512<float> Padded(float* x, int length)
    {
        float* padded = stackalloc float[Lanes];
        Vector512<float>.Zero.Store(padded);
        for (int i = 0; i < length; i++) padded[i] = x[i];
        return Vector512.Load(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Collapse(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }
}

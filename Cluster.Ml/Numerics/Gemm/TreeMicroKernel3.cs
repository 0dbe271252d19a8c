using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Gemm;

/// <summary>Three rows of a product that is summed as a tree of up to eight segments, without a partial sum ever leaving the registers.</summary>
/// <remarks>
/// Equation  Pₛ = the chain over the k of segment s;  S(first, 2c) = S(first, c) + S(first + c, c)
/// Cost      at most three finished sums wait for the one that is being formed: with two vectors a row that is 24 registers of 32.
///           For short segments, storing and loading them would cost nearly half as much again as the products
/// </remarks>
internal static unsafe class TreeMicroKernel3
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 3;

    /// <summary>The most segments.</summary>
    public const int SegmentsMax = 8;

    /// <summary>Computes three rows of two vectors.</summary>
    /// <param name="a">Element (0, 0) of the left factor; the rows lie side by side.</param>
    /// <param name="aStep">Numbers from a(i, k) to a(i, k + 1).</param>
    /// <param name="b">Element (0, 0) of the right factor.</param>
    /// <param name="bStep">Numbers from b(k, j) to b(k + 1, j).</param>
    /// <param name="ends">[1, 2, 4 or 8]: the k before which each segment ends.</param>
    /// <param name="c">Where the first row goes.</param>
    /// <param name="cRow">Numbers from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRow, T>(T* a, nint aStep, T* b, nint bStep, ReadOnlySpan<int> ends, T* c, nint cRow)
        where TRow : struct, IMicroKernelRow<TRow, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = 0;
        Chain(ref a, aStep, ref b, bStep, ref k, ends[0], out TRow x0, out TRow x1, out TRow x2);
        if (ends.Length >= 2)
        {
            Chain(ref a, aStep, ref b, bStep, ref k, ends[1], out TRow y0, out TRow y1, out TRow y2);
            (x0, x1, x2) = (TRow.Add(x0, y0), TRow.Add(x1, y1), TRow.Add(x2, y2));
        }
        if (ends.Length >= 4)
        {
            Chain(ref a, aStep, ref b, bStep, ref k, ends[2], out TRow y0, out TRow y1, out TRow y2);
            Chain(ref a, aStep, ref b, bStep, ref k, ends[3], out TRow z0, out TRow z1, out TRow z2);
            (y0, y1, y2) = (TRow.Add(y0, z0), TRow.Add(y1, z1), TRow.Add(y2, z2));
            (x0, x1, x2) = (TRow.Add(x0, y0), TRow.Add(x1, y1), TRow.Add(x2, y2));
        }
        if (ends.Length == SegmentsMax)
        {
            Chain(ref a, aStep, ref b, bStep, ref k, ends[4], out TRow y0, out TRow y1, out TRow y2);
            Chain(ref a, aStep, ref b, bStep, ref k, ends[5], out TRow z0, out TRow z1, out TRow z2);
            (y0, y1, y2) = (TRow.Add(y0, z0), TRow.Add(y1, z1), TRow.Add(y2, z2));
            Chain(ref a, aStep, ref b, bStep, ref k, ends[6], out z0, out z1, out z2);
            Chain(ref a, aStep, ref b, bStep, ref k, ends[7], out TRow w0, out TRow w1, out TRow w2);
            (z0, z1, z2) = (TRow.Add(z0, w0), TRow.Add(z1, w1), TRow.Add(z2, w2));
            (y0, y1, y2) = (TRow.Add(y0, z0), TRow.Add(y1, z1), TRow.Add(y2, z2));
            (x0, x1, x2) = (TRow.Add(x0, y0), TRow.Add(x1, y1), TRow.Add(x2, y2));
        }
        TRow.Store(c, x0);
        TRow.Store(c + cRow, x1);
        TRow.Store(c + (2 * cRow), x2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chain<TRow, T>(ref T* a, nint aStep, ref T* b, nint bStep, ref int k, int end, out TRow s0, out TRow s1, out TRow s2)
        where TRow : struct, IMicroKernelRow<TRow, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (s0, s1, s2) = (TRow.Zero, TRow.Zero, TRow.Zero);
        for (; k < end; k++)
        {
            TRow y = TRow.Load(b);
            s0 = TRow.Fma(a[0], y, s0);
            s1 = TRow.Fma(a[1], y, s1);
            s2 = TRow.Fma(a[2], y, s2);
            a += aStep;
            b += bStep;
        }
    }
}

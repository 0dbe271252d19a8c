using System.Numerics;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Gemm;

/// <summary>A product of a single row: eight vectors of columns side by side, since a chain of sums has to wait for itself.</summary>
internal static unsafe class RowMicroKernel<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns of a tile.</summary>
    public static int Columns => 8 * TLanes.Count;

    /// <summary>c = a·B for <see cref="Columns"/> columns, or c + a·B with every chain going on from c.</summary>
    /// <param name="a">Element 0 of the row.</param>
    /// <param name="aStep">Numbers from one element to the next.</param>
    /// <param name="b">Element (0, 0), whose rows are stored without gaps.</param>
    /// <param name="bStep">Numbers from b(k, j) to b(k + 1, j).</param>
    /// <param name="depth">How many products each element sums.</param>
    /// <param name="c">[<see cref="Columns"/>].</param>
    /// <param name="continues">Whether the chains go on from what c holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, nint aStep, T* b, nint bStep, int depth, T* c, bool continues)
    {
        TVector s0 = TLanes.Broadcast(T.Zero), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        if (continues)
        {
            (s0, s1, s2, s3) = (TLanes.Load(At(c, 0)), TLanes.Load(At(c, 1)), TLanes.Load(At(c, 2)), TLanes.Load(At(c, 3)));
            (s4, s5, s6, s7) = (TLanes.Load(At(c, 4)), TLanes.Load(At(c, 5)), TLanes.Load(At(c, 6)), TLanes.Load(At(c, 7)));
        }
        for (; depth > 0; depth--, a += aStep, b += bStep)
        {
            TVector x = TLanes.Broadcast(*a);
            s0 = TLanes.Fma(x, TLanes.Load(At(b, 0)), s0);
            s1 = TLanes.Fma(x, TLanes.Load(At(b, 1)), s1);
            s2 = TLanes.Fma(x, TLanes.Load(At(b, 2)), s2);
            s3 = TLanes.Fma(x, TLanes.Load(At(b, 3)), s3);
            s4 = TLanes.Fma(x, TLanes.Load(At(b, 4)), s4);
            s5 = TLanes.Fma(x, TLanes.Load(At(b, 5)), s5);
            s6 = TLanes.Fma(x, TLanes.Load(At(b, 6)), s6);
            s7 = TLanes.Fma(x, TLanes.Load(At(b, 7)), s7);
        }
        TLanes.Store(At(c, 0), s0);
        TLanes.Store(At(c, 1), s1);
        TLanes.Store(At(c, 2), s2);
        TLanes.Store(At(c, 3), s3);
        TLanes.Store(At(c, 4), s4);
        TLanes.Store(At(c, 5), s5);
        TLanes.Store(At(c, 6), s6);
        TLanes.Store(At(c, 7), s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(T* p, int vector) => p + (vector * TLanes.Count);
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Gemm;

// Generated: change the template in tests/Cluster.KernelGenerator, then `dotnet run --project tests/Cluster.KernelGenerator`.
/// <summary>Register tiles of one row, for what larger tiles leave over.</summary>
/// <remarks>Spelled out row by row so that every sum stays in one register; see <see cref="MicroKernel{T}"/> for what is computed.</remarks>
internal static unsafe class MicroKernel1
{
    /// <summary>One row, one or two vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRow, T>(in MicroKernel<T> tile)
        where TRow : struct, IMicroKernelRow<TRow, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T** rows = tile.C;
        TRow c0 = TRow.Zero;
        if (tile.Continues)
        {
            c0 = TRow.Load(rows[0]);
        }

        T** left = tile.A;
        T* a0 = left[0];
        T* b = tile.B;
        nint bStep = tile.BStep, step = tile.AStep, i = 0;
        for (int outer = tile.Outer; outer > 0; outer--)
        {
            for (int middle = tile.Middle; middle > 0; middle--)
            {
                for (int inner = tile.Inner; inner > 0; inner--)
                {
                    TRow y = TRow.Load(b);
                    c0 = TRow.Fma(a0[i], y, c0);
                    b += bStep;
                    i += step;
                }
                i += tile.MiddleGap;
            }
            i += tile.OuterGap;
        }

        T* partial = tile.Partials;
        for (int merge = tile.Merges; merge > 0; merge--)
        {
            c0 = TRow.Add(TRow.Load(partial), c0);
            partial += tile.PartialStep;
        }

        TRow.Store(rows[0], c0);
    }
}

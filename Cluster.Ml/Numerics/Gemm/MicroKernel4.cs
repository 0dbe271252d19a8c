using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Gemm;

// Generated: change the template in tests/Cluster.KernelGenerator, then `dotnet run --project tests/Cluster.KernelGenerator`.
/// <summary>Register tiles of four rows, for what larger tiles leave over.</summary>
/// <remarks>Spelled out row by row so that every sum stays in one register; see <see cref="MicroKernel{T}"/> for what is computed.</remarks>
internal static unsafe class MicroKernel4
{
    /// <summary>Four rows, one or two vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRow, T>(in MicroKernel<T> tile)
        where TRow : struct, IMicroKernelRow<TRow, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T** rows = tile.C;
        TRow c0 = TRow.Zero, c1 = TRow.Zero, c2 = TRow.Zero, c3 = TRow.Zero;
        if (tile.Continues)
        {
            c0 = TRow.Load(rows[0]);
            c1 = TRow.Load(rows[1]);
            c2 = TRow.Load(rows[2]);
            c3 = TRow.Load(rows[3]);
        }

        T** left = tile.A;
        T* a0 = left[0], a1 = left[1], a2 = left[2], a3 = left[3];
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
                    c1 = TRow.Fma(a1[i], y, c1);
                    c2 = TRow.Fma(a2[i], y, c2);
                    c3 = TRow.Fma(a3[i], y, c3);
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
            T* row = partial;
            c0 = TRow.Add(TRow.Load(row), c0);
            row += tile.PartialRow;
            c1 = TRow.Add(TRow.Load(row), c1);
            row += tile.PartialRow;
            c2 = TRow.Add(TRow.Load(row), c2);
            row += tile.PartialRow;
            c3 = TRow.Add(TRow.Load(row), c3);
            partial += tile.PartialStep;
        }

        TRow.Store(rows[0], c0);
        TRow.Store(rows[1], c1);
        TRow.Store(rows[2], c2);
        TRow.Store(rows[3], c3);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Gemm;

/// <summary>Runs register tiles of one vector width, also for fewer rows or columns than a tile has.</summary>
internal static unsafe class MicroKernelRunner<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns of a wide tile.</summary>
    public static int Columns => 2 * TLanes.Count;

    /// <summary>Whether the processor has 32 registers of this width, as AVX-512 and NEON have, and not 16.</summary>
    public static bool HasManyRegisters => sizeof(TVector) == 64 || (sizeof(TVector) == 16 && AdvSimd.IsSupported);

    /// <summary>Rows of the largest tile whose sums fit the registers of this width.</summary>
    public static int Rows => HasManyRegisters ? 12 : 6;

    /// <summary>How many rows to do next. Small tiles wait for their own sums, so that two of them cost more than one larger.</summary>
    public static int Next(int rows) => Rows == 12
        ? rows switch { >= 10 => Math.Min(rows, 12), 9 => 8, >= 6 => rows, 5 => 4, _ => rows }
        : rows switch { >= 6 => 6, _ => rows };

    /// <summary>Computes a tile.</summary>
    /// <param name="tile">Its row pointers have room for <see cref="MicroKernel{T}.RowsMax"/>; those behind the rows are overwritten.</param>
    /// <param name="rows">As <see cref="Next"/> gave it.</param>
    /// <param name="columns">At most <see cref="Columns"/>. The right factor must have all columns of one or two vectors.</param>
    /// <param name="edge">Room for a whole tile.</param>
    public static void Run(in MicroKernel<T> tile, int rows, int columns, T* edge)
    {
        int height = Height(rows);
        for (int row = rows; row < height; row++)
        {
            tile.A[row] = tile.A[0];
            tile.C[row] = edge + (row * Columns);
        }
        if (columns == Columns || columns == TLanes.Count) RunWhole(tile, height, columns > TLanes.Count);
        else RunEdge(tile, rows, height, columns, edge);
    }

    /// <summary>A tile whose columns are fewer than its vectors hold works in scratch memory.</summary>
    private static void RunEdge(MicroKernel<T> tile, int rows, int height, int columns, T* edge)
    {
        T** inside = stackalloc T*[MicroKernel<T>.RowsMax];
        T** c = tile.C;
        for (int row = 0; row < height; row++) inside[row] = edge + (row * Columns);
        if (tile.Continues)
            for (int row = 0; row < rows; row++)
                new ReadOnlySpan<T>(c[row], columns).CopyTo(new Span<T>(inside[row], columns));
        tile.C = inside;
        RunWhole(tile, height, columns > TLanes.Count);
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<T>(inside[row], columns).CopyTo(new Span<T>(c[row], columns));
    }

    private static int Height(int rows) => rows switch { 1 => 1, <= 4 => 4, <= 6 when Rows == 6 => 6, <= 8 => 8, _ => 12 };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunWhole(in MicroKernel<T> tile, int height, bool wide)
    {
        switch (height, wide)
        {
            case (12, true): MicroKernel12.Run<WideRow<TLanes, TVector, T>, T>(tile); break;
            case (12, false): MicroKernel12.Run<NarrowRow<TLanes, TVector, T>, T>(tile); break;
            case (8, true): MicroKernel8.Run<WideRow<TLanes, TVector, T>, T>(tile); break;
            case (8, false): MicroKernel8.Run<NarrowRow<TLanes, TVector, T>, T>(tile); break;
            case (6, true): MicroKernel6.Run<WideRow<TLanes, TVector, T>, T>(tile); break;
            case (6, false): MicroKernel6.Run<NarrowRow<TLanes, TVector, T>, T>(tile); break;
            case (4, true): MicroKernel4.Run<WideRow<TLanes, TVector, T>, T>(tile); break;
            case (4, false): MicroKernel4.Run<NarrowRow<TLanes, TVector, T>, T>(tile); break;
            case (_, true): MicroKernel1.Run<WideRow<TLanes, TVector, T>, T>(tile); break;
            default: MicroKernel1.Run<NarrowRow<TLanes, TVector, T>, T>(tile); break;
        }
    }
}

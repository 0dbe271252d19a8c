using System.Numerics;
using Cluster.Ml.Numerics.Gemm;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Convolution;

/// <summary>The filter gradient of a convolution: rows are the numbers under the window, columns are filters, and the places are summed.</summary>
/// <remarks>Range  the places of a segment are one chain in their order; segments are added up as a fixed tree</remarks>
internal static unsafe class PatchTree<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static int TileColumns => MicroKernelRunner<TLanes, TVector, T>.Columns;

    public static void BackwardFilters(
        WindowShape shape, int filters, ReadOnlySpan<int> ends, T* x, T* dy, T* dw, GemmWorkspace workspace)
    {
        nint panelSize = (nint)shape.PatchLength * TileColumns;
        T* partials = workspace.Left<T>(panelSize * (BitOperations.Log2((uint)ends.Length) + 1));
        for (int column = 0; column < filters; column += TileColumns)
        {
            int columns = Math.Min(TileColumns, filters - column), start = 0;
            for (int segment = 0; segment < ends.Length; segment++)
            {
                bool last = segment == ends.Length - 1;
                int merges = BitOperations.TrailingZeroCount(~segment);
                Sum sum = new()
                {
                    Target = last ? dw + column : partials + (merges * panelSize),
                    TargetRow = last ? filters : TileColumns,
                    Columns = last ? columns : columns <= TLanes.Count ? TLanes.Count : TileColumns,
                    Partials = partials,
                    PartialStep = panelSize,
                    Merges = merges,
                };
                Segment(shape, filters, x, dy + column, start, ends[segment], columns, sum, workspace);
                start = ends[segment];
            }
        }
    }

    /// <summary>Where a segment's sum goes, and what is added to it from the left.</summary>
    private struct Sum
    {
        public T* Target, Partials;
        public nint TargetRow, PartialStep;
        public int Columns, Merges;
    }

    private static void Segment(
        WindowShape shape, int filters, T* x, T* dy, int start, int end, int columns, in Sum sum, GemmWorkspace workspace)
    {
        T** pointers = stackalloc T*[2 * MicroKernel<T>.RowsMax];
        MicroKernel<T> tile = MicroKernel<T>.Of(pointers, shape.OutputWidth);
        tile.AStep = shape.Stride * shape.Channels;
        tile.Middle = shape.OutputHeight;
        tile.MiddleGap = (shape.Stride * shape.PaddedRow) - (tile.Inner * tile.AStep);
        tile.OuterGap = shape.PaddedLength - (tile.Middle * shape.Stride * shape.PaddedRow);
        tile.PartialStep = sum.PartialStep;
        tile.PartialRow = TileColumns;
        int perBlock = PaddedImages.PerBlock<T>(shape, filters);
        for (int image = start; image == start || image < end; image += perBlock)
        {
            tile.Outer = Math.Min(perBlock, end - image);
            tile.Continues = image > start;
            tile.Merges = image + tile.Outer == end ? sum.Merges : 0;
            T* frames = PaddedImages.Frame(shape, x + ((nint)image * shape.ImageLength), tile.Outer, workspace);
            Right(ref tile, dy + ((nint)image * shape.Positions * filters), filters, tile.Outer * shape.Positions, columns, workspace);
            Rows(shape, ref tile, frames, sum, workspace);
        }
    }

    /// <summary>The output gradient is read in place, unless its last columns do not fill a vector.</summary>
    private static void Right(ref MicroKernel<T> tile, T* dy, int filters, int positions, int columns, GemmWorkspace workspace)
    {
        tile.B = dy;
        tile.BStep = filters;
        if (columns == TileColumns || columns == TLanes.Count) return;
        tile.B = workspace.Right<T>((long)positions * TileColumns);
        tile.BStep = TileColumns;
        Packing.Panel(dy, filters, 1, positions, columns, tile.B, TileColumns);
    }

    private static void Rows(WindowShape shape, ref MicroKernel<T> tile, T* frames, in Sum sum, GemmWorkspace workspace)
    {
        int run = shape.WindowWidth * shape.Channels;
        for (int row = 0; row < shape.PatchLength;)
        {
            int count = MicroKernelRunner<TLanes, TVector, T>.Next(shape.PatchLength - row);
            for (int i = 0; i < count; i++)
            {
                (int u, int rest) = Math.DivRem(row + i, run);
                tile.A[i] = frames + (u * shape.PaddedRow) + rest;
                tile.C[i] = sum.Target + ((row + i) * sum.TargetRow);
            }
            tile.Partials = sum.Partials + ((nint)row * TileColumns);
            MicroKernelRunner<TLanes, TVector, T>.Run(tile, count, sum.Columns, workspace.TilesOf<T>());
            row += count;
        }
    }
}

using System.Numerics;
using Cluster.Ml.Numerics.Gemm;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Convolution;

/// <summary>The forward convolution: rows are patches of the images, columns are filters.</summary>
internal static unsafe class PatchProduct<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static int TileColumns => MicroKernelRunner<TLanes, TVector, T>.Columns;

    public static void Forward(WindowShape shape, int filters, int images, T* x, T* w, T* y, GemmWorkspace workspace)
    {
        int depth = shape.PatchLength, perBlock = PaddedImages.PerBlock<T>(shape, filters);
        T* packed = filters == TileColumns ? w : Pack(filters, depth, w, workspace);
        for (int image = 0; image < images; image += perBlock)
        {
            int count = Math.Min(perBlock, images - image);
            T* frames = PaddedImages.Frame(shape, x + ((nint)image * shape.ImageLength), count, workspace);
            for (int column = 0; column < filters; column += TileColumns)
                Panel(shape, count, frames, packed + ((nint)column * depth), y + ((nint)image * shape.Positions * filters) + column, filters, Math.Min(TileColumns, filters - column), workspace);
        }
    }

    private static T* Pack(int filters, int depth, T* w, GemmWorkspace workspace)
    {
        T* packed = workspace.Right<T>((long)(filters + TileColumns) * depth);
        for (int column = 0; column < filters; column += TileColumns)
            Packing.Panel(w + column, filters, 1, depth, Math.Min(TileColumns, filters - column), packed + ((nint)column * depth), TileColumns);
        return packed;
    }

    private static void Panel(WindowShape shape, int images, T* frames, T* w, T* y, int filters, int columns, GemmWorkspace workspace)
    {
        T** pointers = stackalloc T*[2 * MicroKernel<T>.RowsMax];
        MicroKernel<T> tile = MicroKernel<T>.Of(pointers, shape.WindowWidth * shape.Channels);
        tile.AStep = 1;
        tile.Middle = shape.WindowHeight;
        tile.MiddleGap = shape.PaddedRow - tile.Inner;
        tile.B = w;
        tile.BStep = TileColumns;
        PatchRows patches = new(shape);
        int rows = images * shape.Positions;
        for (int row = 0; row < rows;)
        {
            int count = MicroKernelRunner<TLanes, TVector, T>.Next(rows - row);
            for (int i = 0; i < count; i++)
            {
                tile.A[i] = frames + patches.Next();
                tile.C[i] = y + ((nint)(row + i) * filters);
            }
            MicroKernelRunner<TLanes, TVector, T>.Run(tile, count, columns, workspace.TilesOf<T>());
            row += count;
        }
    }
}

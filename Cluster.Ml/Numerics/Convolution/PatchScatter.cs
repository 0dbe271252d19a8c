using System.Numerics;
using Cluster.Ml.Numerics.Gemm;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics.Convolution;

/// <summary>The input gradient of a convolution: for one pixel of the filters after another, a product that is added to the images in place.</summary>
/// <remarks>
/// Range  the pixels of the filters are the outermost loop, so that the order in which a pixel of the image is added up
///        does not depend on how many places a tile holds
/// Cost   only what exists is multiplied: nothing is padded, mirrored or spread out by the stride
/// </remarks>
internal static unsafe class PatchScatter<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static int TileColumns => MicroKernelRunner<TLanes, TVector, T>.Columns;

    public static void BackwardInput(WindowShape shape, int filters, int images, T* dy, T* w, T* dx, GemmWorkspace workspace)
    {
        int panels = (shape.Channels + TileColumns - 1) / TileColumns, perBlock = PaddedImages.PerBlock<T>(shape, filters);
        T* packed = Pack(shape, filters, w, panels, workspace);
        for (int image = 0; image < images; image += perBlock)
        {
            int count = Math.Min(perBlock, images - image);
            T* x = dx + ((nint)image * shape.ImageLength);
            T* frames = PaddedImages.Empty(shape, x, count, workspace);
            T* panel = packed;
            for (int u = 0; u < shape.WindowHeight; u++)
                for (int v = 0; v < shape.WindowWidth; v++)
                    for (int channel = 0; channel < shape.Channels; channel += TileColumns, panel += (nint)filters * TileColumns)
                    {
                        T* target = frames + (u * shape.PaddedRow) + (v * shape.Channels) + channel;
                        Pixel(shape, filters, count, dy + ((nint)image * shape.Positions * filters), panel, target, Math.Min(TileColumns, shape.Channels - channel), workspace);
                    }
            PaddedImages.Unframe(shape, frames, x, count);
        }
    }

    /// <summary>Every pixel of the filters transposed, [filters, channels] in panels.</summary>
    private static T* Pack(WindowShape shape, int filters, T* w, int panels, GemmWorkspace workspace)
    {
        T* packed = workspace.Right<T>((long)shape.WindowHeight * shape.WindowWidth * panels * TileColumns * filters), target = packed;
        for (int pixel = 0; pixel < shape.WindowHeight * shape.WindowWidth; pixel++, w += (nint)shape.Channels * filters)
            for (int channel = 0; channel < shape.Channels; channel += TileColumns, target += (nint)filters * TileColumns)
                Packing.Panel(w + ((nint)channel * filters), 1, filters, filters, Math.Min(TileColumns, shape.Channels - channel), target, TileColumns);
        return packed;
    }

    private static void Pixel(WindowShape shape, int filters, int images, T* dy, T* w, T* target, int columns, GemmWorkspace workspace)
    {
        T** pointers = stackalloc T*[2 * MicroKernel<T>.RowsMax];
        MicroKernel<T> tile = MicroKernel<T>.Of(pointers, filters);
        tile.AStep = 1;
        tile.B = w;
        tile.BStep = TileColumns;
        tile.Continues = true;
        PatchRows patches = new(shape);
        int rows = images * shape.Positions;
        for (int row = 0; row < rows;)
        {
            int count = MicroKernelRunner<TLanes, TVector, T>.Next(rows - row);
            for (int i = 0; i < count; i++)
            {
                tile.A[i] = dy + ((nint)(row + i) * filters);
                tile.C[i] = target + patches.Next();
            }
            MicroKernelRunner<TLanes, TVector, T>.Run(tile, count, columns, workspace.TilesOf<T>());
            row += count;
        }
    }
}

using System.Numerics;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Convolution;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>Convolutions of images with filters, forward and both ways back, as products whose left factor is read in place.</summary>
/// <remarks>
/// Equation  y(n, i, j, o) = Σ x(n, i·s + u − p, j·s + v − q, c) · w(u, v, c, o) over the filter's rows u, columns v and channels c,
///           with zeros outside the image (the filter is not mirrored)
/// Shapes    x [N, H, W, C], w [u, v, C, O] by rows, so [u·v·C, O], y [N, H′, W′, O]
/// Range     y: one chain s ← x·w + s, rounded once, in the order of (u, v, c), padding included; ∂L/∂x: one chain in the order of (u, v, o)
///           over the places that exist; ∂L/∂w: one chain over a segment's places in order, segments added up as a fixed tree.
///           The same bits at every vector width and for every grouping of images
/// Cost      2·N·H′·W′·u·v·C·O operations each; no copy of the patches: only a padded image is copied. No allocation once the workspace has grown
/// Source    Dukhan, "The Indirect Convolution Algorithm" (2019), for rows found by pointers
/// </remarks>
public static class ImageConvolution
{
    /// <summary>y = x convolved with w.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="filters">O.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="w">[u·v·C, O].</param>
    /// <param name="y">[N, H′, W′, O], overwritten; its length says N.</param>
    /// <param name="workspace">Buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Forward<T>(WindowShape shape, int filters, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Forward(shape, filters, x, w, y, workspace, LaneWidths.Widest);

    /// <summary>The gradient by x, from the gradient by y.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="filters">O.</param>
    /// <param name="dy">[N, H′, W′, O].</param>
    /// <param name="w">[u·v·C, O].</param>
    /// <param name="dx">[N, H, W, C], overwritten; its length says N.</param>
    /// <param name="workspace">Buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void BackwardInput<T>(WindowShape shape, int filters, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BackwardInput(shape, filters, dy, w, dx, workspace, LaneWidths.Widest);

    /// <summary>The gradient by w, summed over segments of images, these added up as a fixed binary tree.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="filters">O.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H′, W′, O].</param>
    /// <param name="ends">[segments], a power of two, ascending: the image before which each segment ends; the last is N.</param>
    /// <param name="dw">[u·v·C, O], overwritten.</param>
    /// <param name="workspace">Buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes or segments do not fit.</exception>
    public static void BackwardFilters<T>(
        WindowShape shape, int filters, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<int> ends, Span<T> dw, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BackwardFilters(shape, filters, x, dy, ends, dw, workspace, LaneWidths.Widest);

    /// <summary>How many images, in and out, stay in the second cache; no result depends on it.</summary>
    internal static int ImagesAtATime(WindowShape shape, int filters) => PaddedImages.PerBlock<float>(shape, filters);

    internal static unsafe void Forward<T>(
        WindowShape shape, int filters, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, GemmWorkspace workspace, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int images = Images(shape, filters, x.Length, w.Length, y.Length);
        fixed (T* px = x, pw = w, py = y)
            switch (width)
            {
                case LaneWidth.Bits512: PatchProduct<Lanes512<T>, Vector512<T>, T>.Forward(shape, filters, images, px, pw, py, workspace); break;
                case LaneWidth.Bits256: PatchProduct<Lanes256<T>, Vector256<T>, T>.Forward(shape, filters, images, px, pw, py, workspace); break;
                case LaneWidth.Bits128: PatchProduct<Lanes128<T>, Vector128<T>, T>.Forward(shape, filters, images, px, pw, py, workspace); break;
                default: PatchProduct<Lanes1<T>, T, T>.Forward(shape, filters, images, px, pw, py, workspace); break;
            }
    }

    internal static unsafe void BackwardInput<T>(
        WindowShape shape, int filters, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx, GemmWorkspace workspace, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int images = Images(shape, filters, dx.Length, w.Length, dy.Length);
        fixed (T* pdy = dy, pw = w, pdx = dx)
            switch (width)
            {
                case LaneWidth.Bits512: PatchScatter<Lanes512<T>, Vector512<T>, T>.BackwardInput(shape, filters, images, pdy, pw, pdx, workspace); break;
                case LaneWidth.Bits256: PatchScatter<Lanes256<T>, Vector256<T>, T>.BackwardInput(shape, filters, images, pdy, pw, pdx, workspace); break;
                case LaneWidth.Bits128: PatchScatter<Lanes128<T>, Vector128<T>, T>.BackwardInput(shape, filters, images, pdy, pw, pdx, workspace); break;
                default: PatchScatter<Lanes1<T>, T, T>.BackwardInput(shape, filters, images, pdy, pw, pdx, workspace); break;
            }
    }

    internal static unsafe void BackwardFilters<T>(
        WindowShape shape, int filters, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<int> ends, Span<T> dw, GemmWorkspace workspace, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SegmentedSum.RequireSegments(ends, Images(shape, filters, x.Length, dw.Length, dy.Length));
        fixed (T* px = x, pdy = dy, pdw = dw)
            switch (width)
            {
                case LaneWidth.Bits512: PatchTree<Lanes512<T>, Vector512<T>, T>.BackwardFilters(shape, filters, ends, px, pdy, pdw, workspace); break;
                case LaneWidth.Bits256: PatchTree<Lanes256<T>, Vector256<T>, T>.BackwardFilters(shape, filters, ends, px, pdy, pdw, workspace); break;
                case LaneWidth.Bits128: PatchTree<Lanes128<T>, Vector128<T>, T>.BackwardFilters(shape, filters, ends, px, pdy, pdw, workspace); break;
                default: PatchTree<Lanes1<T>, T, T>.BackwardFilters(shape, filters, ends, px, pdy, pdw, workspace); break;
            }
    }

    private static int Images(WindowShape shape, int filters, int x, int w, int y)
    {
        long outputs = (long)shape.Positions * filters;
        if (filters < 1 || w != (long)shape.PatchLength * filters || y % outputs != 0 || x != y / outputs * shape.ImageLength)
            throw new ArgumentException(
                $"ImageConvolution: wanted images of {shape.Height} × {shape.Width} × {shape.Channels}, filters of {shape.PatchLength} × {filters} and outputs of "
                + $"{shape.OutputHeight} × {shape.OutputWidth} × {filters}, got [{x}], [{w}] and [{y}].", nameof(filters));
        return (int)(y / outputs);
    }
}

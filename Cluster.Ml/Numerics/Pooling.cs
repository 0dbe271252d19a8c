using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>The largest or the mean number under a window, channel by channel, forward and back.</summary>
/// <remarks>
/// Equation  max: y = max x over the window; mean: y = Σ x / n over the n pixels of the window that lie in the image
/// Shapes    x [N, H, W, C], y [N, H′, W′, C]
/// Gradient  max: the whole of it goes to the largest, of equals to the first by rows; mean: 1 / n to each
/// Range     a pixel under several windows takes their gradients in the order of outputs; the same bits at every vector width.
///           A NaN under a window is its largest, as PyTorch has it
/// Cost      one pass, no allocation
/// </remarks>
public static unsafe class Pooling
{
    /// <summary>The largest of each window and its place.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H′, W′, C], overwritten.</param>
    /// <param name="places">[N, H′, W′, C], overwritten: the number of the largest's pixel within the window, counted by rows.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MaxForward(WindowShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> places) =>
        MaxForward(shape, x, y, places, LaneWidths.Widest);

    /// <summary>The gradient by x, from the gradient by y.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="dy">[N, H′, W′, C].</param>
    /// <param name="places">[N, H′, W′, C], as the forward pass wrote it.</param>
    /// <param name="dx">[N, H, W, C], overwritten.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MaxBackward(WindowShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> places, Span<float> dx) =>
        MaxBackward(shape, dy, places, dx, LaneWidths.Widest);

    /// <summary>The mean of each window.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H′, W′, C], overwritten.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MeanForward(WindowShape shape, ReadOnlySpan<float> x, Span<float> y) => MeanForward(shape, x, y, LaneWidths.Widest);

    /// <summary>The gradient by x, from the gradient by y.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="dy">[N, H′, W′, C].</param>
    /// <param name="dx">[N, H, W, C], overwritten.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MeanBackward(WindowShape shape, ReadOnlySpan<float> dy, Span<float> dx) => MeanBackward(shape, dy, dx, LaneWidths.Widest);

    internal static void MaxForward(WindowShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> places, LaneWidth width)
    {
        RequireShapes(shape, x.Length, y.Length, places.Length);
        fixed (float* px = x, py = y, pp = places) Run<MaxForwardStep>(shape, px, py, pp, y.Length, width);
    }

    internal static void MaxBackward(WindowShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> places, Span<float> dx, LaneWidth width)
    {
        RequireShapes(shape, dx.Length, dy.Length, places.Length);
        dx.Clear();
        fixed (float* px = dx, py = dy, pp = places) Run<MaxBackwardStep>(shape, px, py, pp, dy.Length, width);
    }

    internal static void MeanForward(WindowShape shape, ReadOnlySpan<float> x, Span<float> y, LaneWidth width)
    {
        RequireShapes(shape, x.Length, y.Length, y.Length);
        fixed (float* px = x, py = y) Run<MeanForwardStep>(shape, px, py, py, y.Length, width);
    }

    internal static void MeanBackward(WindowShape shape, ReadOnlySpan<float> dy, Span<float> dx, LaneWidth width)
    {
        RequireShapes(shape, dx.Length, dy.Length, dy.Length);
        dx.Clear();
        fixed (float* px = dx, py = dy) Run<MeanBackwardStep>(shape, px, py, py, dy.Length, width);
    }

    private static void RequireShapes(WindowShape shape, int x, int y, int places)
    {
        int outputs = shape.Positions * shape.Channels;
        if (y % outputs != 0 || x != (long)y / outputs * shape.ImageLength || places != y)
            throw new ArgumentException(
                $"Pooling: wanted images of {shape.Height} × {shape.Width} × {shape.Channels} and outputs of {shape.OutputHeight} × {shape.OutputWidth} × {shape.Channels}, "
                + $"got [{x}], [{y}] and places [{places}].", nameof(x));
    }

    private static void Run<TStep>(WindowShape shape, float* x, float* y, float* places, int outputs, LaneWidth width)
        where TStep : struct, IStep
    {
        int images = outputs / (shape.Positions * shape.Channels);
        for (int image = 0; image < images; image++, x += shape.ImageLength)
            for (int i = 0; i < shape.OutputHeight; i++)
                for (int j = 0; j < shape.OutputWidth; j++, y += shape.Channels, places += shape.Channels)
                    Channels<TStep>(shape.Channels, Window.At(shape, x, i, j), y, places, width);
    }

    private static void Channels<TStep>(int channels, in Window window, float* y, float* places, LaneWidth width)
        where TStep : struct, IStep
    {
        int done = width switch
        {
            LaneWidth.Bits512 => Sweep<TStep, Lanes512<float>, Vector512<float>>(0, channels, window, y, places),
            LaneWidth.Bits256 => Sweep<TStep, Lanes256<float>, Vector256<float>>(0, channels, window, y, places),
            LaneWidth.Bits128 => Sweep<TStep, Lanes128<float>, Vector128<float>>(0, channels, window, y, places),
            _ => 0,
        };
        if (done < channels) Sweep<TStep, Lanes1<float>, float>(done, channels, window, y, places);
    }

    private static int Sweep<TStep, TLanes, TVector>(int start, int channels, in Window window, float* y, float* places)
        where TStep : struct, IStep
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int channel = start;
        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
            TStep.Run<TLanes, TVector>(window, channel, y + channel, places + channel);
        return channel;
    }

    /// <summary>What of a window lies in the image.</summary>
    private struct Window
    {
        public float* Corner;
        public nint PixelStep, RowStep;
        public int Rows, Columns, FirstPlace, PlacesPerRow;

        public static Window At(WindowShape shape, float* x, int i, int j)
        {
            (int top, int left) = ((i * shape.Stride) - shape.PadTop, (j * shape.Stride) - shape.PadLeft);
            (int row, int column) = (Math.Max(top, 0), Math.Max(left, 0));
            return new Window
            {
                Corner = x + (((row * shape.Width) + column) * shape.Channels),
                PixelStep = shape.Channels,
                RowStep = shape.Width * shape.Channels,
                Rows = Math.Min(top + shape.WindowHeight, shape.Height) - row,
                Columns = Math.Min(left + shape.WindowWidth, shape.Width) - column,
                FirstPlace = ((row - top) * shape.WindowWidth) + column - left,
                PlacesPerRow = shape.WindowWidth,
            };
        }
    }

    /// <summary>What is done with some channels of one window.</summary>
    private interface IStep
    {
        static abstract void Run<TLanes, TVector>(in Window window, int channel, float* y, float* places)
            where TLanes : struct, ILanes<TVector, float>
            where TVector : unmanaged;
    }

    private readonly struct MaxForwardStep : IStep
    {
        public static void Run<TLanes, TVector>(in Window window, int channel, float* y, float* places)
            where TLanes : struct, ILanes<TVector, float>
            where TVector : unmanaged
        {
            float* row = window.Corner + channel;
            TVector best = TLanes.Load(row), place = TLanes.Broadcast(window.FirstPlace), zero = TLanes.Broadcast(0f), one = TLanes.Broadcast(1f);
            TVector always = TLanes.LessThan(zero, one);
            for (int i = 0; i < window.Rows; i++, row += window.RowStep)
                for (int j = 0; j < window.Columns; j++)
                {
                    TVector value = TLanes.Load(row + (j * window.PixelStep));
                    TVector isNumber = TLanes.Or(TLanes.LessThan(value, one), TLanes.LessThan(zero, value));      // NaN is below nothing and above nothing
                    TVector larger = TLanes.Select(isNumber, TLanes.LessThan(best, value), always);
                    best = TLanes.Select(larger, value, best);
                    place = TLanes.Select(larger, TLanes.Broadcast(window.FirstPlace + (i * window.PlacesPerRow) + j), place);
                }
            TLanes.Store(y, best);
            TLanes.Store(places, place);
        }
    }

    private readonly struct MaxBackwardStep : IStep
    {
        public static void Run<TLanes, TVector>(in Window window, int channel, float* y, float* places)
            where TLanes : struct, ILanes<TVector, float>
            where TVector : unmanaged
        {
            float* row = window.Corner + channel;
            TVector gradient = TLanes.Load(y), place = TLanes.Load(places), zero = TLanes.Broadcast(0f);
            for (int i = 0; i < window.Rows; i++, row += window.RowStep)
                for (int j = 0; j < window.Columns; j++)
                {
                    TVector here = TLanes.Broadcast(window.FirstPlace + (i * window.PlacesPerRow) + j);
                    TVector elsewhere = TLanes.Or(TLanes.LessThan(place, here), TLanes.LessThan(here, place));
                    float* target = row + (j * window.PixelStep);
                    TLanes.Store(target, TLanes.Add(TLanes.Load(target), TLanes.Select(elsewhere, zero, gradient)));
                }
        }
    }

    private readonly struct MeanForwardStep : IStep
    {
        public static void Run<TLanes, TVector>(in Window window, int channel, float* y, float* places)
            where TLanes : struct, ILanes<TVector, float>
            where TVector : unmanaged
        {
            float* row = window.Corner + channel;
            TVector sum = TLanes.Broadcast(0f);
            for (int i = 0; i < window.Rows; i++, row += window.RowStep)
                for (int j = 0; j < window.Columns; j++) sum = TLanes.Add(sum, TLanes.Load(row + (j * window.PixelStep)));
            TLanes.Store(y, TLanes.Divide(sum, TLanes.Broadcast(window.Rows * window.Columns)));
        }
    }

    private readonly struct MeanBackwardStep : IStep
    {
        public static void Run<TLanes, TVector>(in Window window, int channel, float* y, float* places)
            where TLanes : struct, ILanes<TVector, float>
            where TVector : unmanaged
        {
            float* row = window.Corner + channel;
            TVector share = TLanes.Divide(TLanes.Load(y), TLanes.Broadcast(window.Rows * window.Columns));
            for (int i = 0; i < window.Rows; i++, row += window.RowStep)
                for (int j = 0; j < window.Columns; j++)
                {
                    float* target = row + (j * window.PixelStep);
                    TLanes.Store(target, TLanes.Add(TLanes.Load(target), share));
                }
        }
    }
}

using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Convolution;

/// <summary>Copies images into a frame of zeros, and back out of it.</summary>
internal static unsafe class PaddedImages
{
    /// <summary>Bytes of the images that are worked on at a time, in and out: they stay in the second cache.</summary>
    private const int BlockBytes = 256 * 1024;

    /// <summary>How many images to work on at a time; no result depends on it.</summary>
    public static int PerBlock<T>(WindowShape shape, int filters)
        where T : unmanaged => (int)Math.Max(1, BlockBytes / sizeof(T) / (shape.PaddedLength + ((long)shape.Positions * filters)));

    /// <summary>The images in frames: x itself if nothing is padded.</summary>
    public static T* Frame<T>(WindowShape shape, T* x, int images, GemmWorkspace workspace)
        where T : unmanaged
    {
        if (!shape.IsPadded) return x;
        T* frames = workspace.Frames<T>((long)images * shape.PaddedLength);
        new Span<T>(frames, images * shape.PaddedLength).Clear();
        Copy(shape, x, frames, images, intoFrames: true);
        return frames;
    }

    /// <summary>Zeros of the size of the images in frames: in x itself if nothing is padded.</summary>
    public static T* Empty<T>(WindowShape shape, T* x, int images, GemmWorkspace workspace)
        where T : unmanaged
    {
        T* frames = shape.IsPadded ? workspace.Frames<T>((long)images * shape.PaddedLength) : x;
        new Span<T>(frames, images * shape.PaddedLength).Clear();
        return frames;
    }

    /// <summary>Takes the images out of their frames.</summary>
    public static void Unframe<T>(WindowShape shape, T* frames, T* x, int images)
        where T : unmanaged
    {
        if (shape.IsPadded) Copy(shape, x, frames, images, intoFrames: false);
    }

    private static void Copy<T>(WindowShape shape, T* x, T* frames, int images, bool intoFrames)
        where T : unmanaged
    {
        int row = shape.Width * shape.Channels;
        for (int image = 0; image < images; image++)
        {
            T* inside = frames + ((nint)image * shape.PaddedLength) + (shape.PadTop * shape.PaddedRow) + (shape.PadLeft * shape.Channels);
            for (int i = 0; i < shape.Height; i++, x += row, inside += shape.PaddedRow)
                Unsafe.CopyBlock(intoFrames ? inside : x, intoFrames ? x : inside, (uint)(row * sizeof(T)));
        }
    }
}

namespace Cluster.Ml.Numerics;

/// <summary>Where a window goes as it slides over images, and how many places it has.</summary>
/// <remarks>
/// Equation  valid: H′ = ⌊(H − k) / s⌋ + 1;  same: H′ = ⌈H / s⌉ over an image padded by max((H′ − 1)·s + k − H, 0) rows, the
///           smaller half of them above; widths alike
/// Shapes    images [height, width, channels], places [OutputHeight, OutputWidth]
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 9.5, for valid and same; which half is smaller as in TensorFlow
/// </remarks>
public sealed record WindowShape
{
    /// <summary>Checks that the window fits.</summary>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Columns of pixels, at least 1.</param>
    /// <param name="channels">Numbers a pixel, at least 1.</param>
    /// <param name="windowHeight">Rows of the window, at least 1.</param>
    /// <param name="windowWidth">Columns of the window, at least 1.</param>
    /// <param name="stride">Pixels from one place to the next, both ways, at least 1.</param>
    /// <param name="same">Whether the image is padded so that with stride 1 the output has its size.</param>
    /// <exception cref="ArgumentException">A size is below 1, or without padding the window is larger than the image.</exception>
    public WindowShape(int height, int width, int channels, int windowHeight, int windowWidth, int stride, bool same)
    {
        if (Math.Min(Math.Min(height, width), Math.Min(channels, stride)) < 1 || Math.Min(windowHeight, windowWidth) < 1)
            throw new ArgumentException(
                $"WindowShape: wanted sizes of at least 1, got an image {height} × {width} × {channels}, a window {windowHeight} × {windowWidth}, stride {stride}.", nameof(height));
        if (!same && (windowHeight > height || windowWidth > width))
            throw new ArgumentException(
                $"WindowShape: wanted a window no larger than the image of {height} × {width}, got {windowHeight} × {windowWidth}; take a smaller one, or padding: same.", nameof(windowHeight));
        (Height, Width, Channels, WindowHeight, WindowWidth, Stride) = (height, width, channels, windowHeight, windowWidth, stride);
        OutputHeight = same ? (height + stride - 1) / stride : ((height - windowHeight) / stride) + 1;
        OutputWidth = same ? (width + stride - 1) / stride : ((width - windowWidth) / stride) + 1;
        int padHeight = same ? Math.Max(((OutputHeight - 1) * stride) + windowHeight - height, 0) : 0;
        int padWidth = same ? Math.Max(((OutputWidth - 1) * stride) + windowWidth - width, 0) : 0;
        (PadTop, PadLeft, PaddedHeight, PaddedWidth) = (padHeight / 2, padWidth / 2, height + padHeight, width + padWidth);
    }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Columns of pixels.</summary>
    public int Width { get; }

    /// <summary>Numbers a pixel.</summary>
    public int Channels { get; }

    /// <summary>Rows of the window.</summary>
    public int WindowHeight { get; }

    /// <summary>Columns of the window.</summary>
    public int WindowWidth { get; }

    /// <summary>Pixels from one place to the next.</summary>
    public int Stride { get; }

    /// <summary>Places below each other.</summary>
    public int OutputHeight { get; }

    /// <summary>Places beside each other.</summary>
    public int OutputWidth { get; }

    /// <summary>Rows of zeros above the image.</summary>
    public int PadTop { get; }

    /// <summary>Columns of zeros left of the image.</summary>
    public int PadLeft { get; }

    /// <summary>Rows of the padded image.</summary>
    public int PaddedHeight { get; }

    /// <summary>Columns of the padded image.</summary>
    public int PaddedWidth { get; }

    /// <summary>Places an image.</summary>
    public int Positions => OutputHeight * OutputWidth;

    /// <summary>Numbers an image.</summary>
    public int ImageLength => Height * Width * Channels;

    /// <summary>Numbers under the window.</summary>
    public int PatchLength => WindowHeight * WindowWidth * Channels;

    internal int PaddedLength => PaddedHeight * PaddedWidth * Channels;

    internal bool IsPadded => PaddedLength != ImageLength;

    /// <summary>Numbers from a pixel to the one below it.</summary>
    internal int PaddedRow => PaddedWidth * Channels;
}

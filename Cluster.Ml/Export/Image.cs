namespace Cluster.Ml.Export;

/// <summary>Pixels in memory.</summary>
/// <param name="Width">Columns of pixels, at least 1.</param>
/// <param name="Height">Rows of pixels, at least 1.</param>
/// <param name="Channels">Bytes a pixel: 1 for grey, 3 for red, green and blue.</param>
/// <param name="Pixels">[Height × Width × Channels] by rows.</param>
public sealed record Image(int Width, int Height, int Channels, byte[] Pixels);

/// <summary>A learner whose model makes images.</summary>
public interface IImageSource
{
    /// <summary>A sheet of images that the model makes of random codes; null if its rows are no images.</summary>
    /// <param name="state">The trained state.</param>
    /// <param name="across">Images side by side.</param>
    /// <param name="down">Rows of images.</param>
    /// <param name="count">How many, at most across × down, which it is by default; the places of others stay black.</param>
    /// <param name="seed">Another seed, other codes; null for the job's.</param>
    Image? DrawSheet(Numerics.NumericBuffer state, int across, int down, int? count = null, ulong? seed = null);
}

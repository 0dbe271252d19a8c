namespace Cluster.Ml.Export;

/// <summary>Pixels in memory.</summary>
/// <param name="Width">Columns of pixels, at least 1.</param>
/// <param name="Height">Rows of pixels, at least 1.</param>
/// <param name="Channels">Bytes a pixel: 1 for grey, 3 for red, green and blue.</param>
/// <param name="Pixels">[Height × Width × Channels] by rows.</param>
public sealed record Picture(int Width, int Height, int Channels, byte[] Pixels);

/// <summary>A learner whose model makes pictures.</summary>
public interface IPictureSource
{
    /// <summary>A sheet of pictures that the model makes of random codes; null where its rows are no pictures.</summary>
    /// <param name="state">The trained state.</param>
    /// <param name="across">Pictures side by side.</param>
    /// <param name="down">Rows of pictures.</param>
    /// <param name="count">How many, at most across × down, which it is by default; the places of others stay black.</param>
    /// <param name="seed">Another seed, other codes; null for the job's.</param>
    Picture? DrawSheet(Numerics.NumericBuffer state, int across, int down, int? count = null, ulong? seed = null);
}

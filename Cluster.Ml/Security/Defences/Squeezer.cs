using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Ml.Security.Defences;

/// <summary>Takes detail out of a row that its class hardly depends on, and that an attack needs.</summary>
/// <param name="Name">For a report.</param>
/// <param name="Squeeze">Writes the squeezed row.</param>
/// <remarks>Source  Xu, Evans, Qi, "Feature Squeezing: Detecting Adversarial Examples in Deep Neural Networks", NDSS 2018, § III</remarks>
internal sealed record Squeezer(string Name, Squeezer.Squeezing Squeeze)
{
    public delegate void Squeezing(AttackedModel model, ReadOnlySpan<float> row, Span<float> squeezed);

    /// <summary>Those that fit a model: two depths, and of images a median.</summary>
    public static IReadOnlyList<Squeezer> For(AttackedModel model) =>
        model.Image is { Height: > 1, Width: > 1 } image ? [Depth(1), Depth(4), Median(image)] : [Depth(1), Depth(4)];

    /// <summary>2^bits values in the range of each column.</summary>
    public static Squeezer Depth(int bits) => new($"depth_{bits}", (model, row, squeezed) =>
    {
        int steps = (1 << bits) - 1;
        for (int c = 0; c < row.Length; c++)
        {
            double low = model.Low[c], range = (double)model.High[c] - low;
            squeezed[c] = range > 0 ? (float)(low + (range * Math.Round(steps * (row[c] - low) / range, MidpointRounding.AwayFromZero) / steps)) : row[c];
        }
    });

    /// <summary>Of each pixel, those above, to the left and above to the left, the greater of the two in the middle; the border repeats.</summary>
    public static Squeezer Median(ImageShape image) => new("median_2", (_, row, squeezed) =>
    {
        Span<float> window = stackalloc float[4];
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < image.Width; x++)
                for (int channel = 0; channel < image.Channels; channel++)
                {
                    for (int i = 0; i < window.Length; i++)
                        window[i] = row[(((Math.Max(0, y - (i / 2)) * image.Width) + Math.Max(0, x - (i % 2))) * image.Channels) + channel];
                    window.Sort();
                    squeezed[(((y * image.Width) + x) * image.Channels) + channel] = window[2];
                }
    });
}
